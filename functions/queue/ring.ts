import '#kit/entry/uncompiled-parsers.ts';
import { type JobHandler, queueHandler } from '#kit/queue/queue-handler.ts';
import { connectEarly, ringUseCases } from '#kit/wiring/push-wiring.ts';
import type { RingJob } from '#ports/queues.ts';
import { ringJob } from '#wire/jobs/ring-job.ts';

/** Messages of the `ring` queue. This is the only function that sends pushes. */
export const handler = queueHandler({
  job: ringJob,
  work: (job, delivery) => run(job, delivery),
  // Nobody waits for it: connecting goes on while Lambda initialises, and beside the first ring.
  early: () => void connectEarly(),
});

const run: JobHandler<RingJob> = async (job, { redelivered }) => {
  const { ringMember, retryPush, silenceMember, notifyMember, retryStopOrNotice, silenceRemoved } = ringUseCases();
  switch (job.type) {
    case 'ring':
      return ringMember(job, redelivered);
    case 'retry':
      return retryPush(job, redelivered);
    case 'stop':
      return silenceMember(job, redelivered);
    case 'notice':
      return notifyMember(job, redelivered);
    case 'retry-stop':
    case 'retry-notice':
      return retryStopOrNotice(job, redelivered);
    case 'stop-removed':
      return silenceRemoved(job, redelivered);
  }
};
