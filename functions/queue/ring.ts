import '#kit/entry/uncompiled-parsers.ts';
import { queueHandler } from '#kit/entry/queue.ts';
import { connectEarly, ringUseCases } from '#kit/wiring/push-wiring.ts';
import type { RingJob } from '#ports/queues.ts';
import { ringJob } from '#wire/jobs/jobs.ts';

/** Messages of the `ring` queue: pushes leave from here, and nowhere else. */
export const handler = queueHandler(ringJob, () => run);

// Lambda runs this while it initialises; the first ring need not wait for it.
void connectEarly();

async function run(job: RingJob, redelivered: boolean): Promise<void> {
  const { ringMember, retryPush, silenceMember, notifyMember, retryErrand } = ringUseCases();
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
      return retryErrand(job, redelivered);
  }
}
