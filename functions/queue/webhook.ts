import '#kit/entry/uncompiled-parsers.ts';
import { queueHandler } from '#kit/queue/queue-handler.ts';
import { webhookUseCases } from '#kit/wiring/webhook-wiring.ts';
import { webhookJob } from '#wire/jobs/webhook-jobs.ts';

/** Tries at webhooks, and the pauses before them. */
export const handler = queueHandler({
  job: webhookJob,
  work: (job) => ('due' in job ? webhookUseCases().endPause(job) : webhookUseCases().deliver(job)),
  early: webhookUseCases,
});
