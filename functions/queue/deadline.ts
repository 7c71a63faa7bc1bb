import '#kit/entry/uncompiled-parsers.ts';
import { queueHandler } from '#kit/queue/queue-handler.ts';
import { deadlineUseCases } from '#kit/wiring/wiring.ts';
import { deadlineJob } from '#wire/jobs/deadline-job.ts';

/** Messages of the `deadline` queue: timers, and users who are deleted. */
export const handler = queueHandler({
  job: deadlineJob,
  work: (job, { redelivered }) =>
    job.type === 'erase' ? deadlineUseCases().eraseUser(job) : deadlineUseCases().runTimer(job, redelivered),
  early: deadlineUseCases,
});
