import '#kit/uncompiled-parsers.ts';
import { early } from '#kit/early.ts';
import { queueHandler } from '#kit/queue.ts';
import { deadlineUseCases } from '#kit/wiring.ts';
import { timerJob } from '#wire/jobs.ts';

/** Messages of the `deadline` queue: timers. */
export const handler = queueHandler(timerJob, () => deadlineUseCases().runTimer);

early(deadlineUseCases);
