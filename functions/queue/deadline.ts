import '#kit/entry/uncompiled-parsers.ts';
import { queueHandler } from '#kit/queue/queue-handler.ts';
import { deadlineUseCases } from '#kit/wiring/wiring.ts';
import { timerJob } from '#wire/jobs/jobs.ts';

/** Messages of the `deadline` queue, which are timers. */
export const handler = queueHandler({
  job: timerJob,
  work: (job, { redelivered }) => deadlineUseCases().runTimer(job, redelivered),
  early: deadlineUseCases,
});
