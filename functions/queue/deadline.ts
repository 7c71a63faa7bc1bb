import '#kit/entry/uncompiled-parsers.ts';
import { early } from '#kit/entry/early.ts';
import { queueHandler } from '#kit/entry/queue.ts';
import { deadlineUseCases } from '#kit/wiring/wiring.ts';
import { timerJob } from '#wire/jobs/jobs.ts';

/** Messages of the `deadline` queue: timers. */
export const handler = queueHandler(timerJob, () => deadlineUseCases().runTimer);

early(deadlineUseCases);
