import type { SQSRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { MARGIN_MS } from '#kit/entry/in-time.ts';
import { type JobHandler, queueHandler } from '#kit/queue/queue-handler.ts';

const record = (messageId: string, body: string, receives = 1) =>
  ({ messageId, body, attributes: { ApproximateReceiveCount: String(receives) } }) as SQSRecord;

const handlerOf = (work: JobHandler<string>) => queueHandler({ job: z.string(), work, early: () => undefined });

const failed = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('a queue handler', () => {
  beforeEach(() => vi.stubEnv('STAGE', 'test'));

  it('has only those messages delivered again that failed', async () => {
    const handle = handlerOf(async (job) => {
      if (job === 'bad') throw new Error('it failed');
    });
    const Records = [record('1', '"good"'), record('2', '"bad"'), record('3', 'not JSON'), record('4', '7')];
    expect(await handle({ Records })).toEqual(failed('2', '3', '4'));
  });

  it('says whether an earlier delivery did not end well', async () => {
    const seen: boolean[] = [];
    const handle = handlerOf(async (_, { redelivered }) => void seen.push(redelivered));
    await handle({ Records: [record('1', '"a"'), record('2', '"b"', 2)] });
    expect(seen).toEqual([false, true]);
  });

  it('keeps what is done, and has the rest delivered again, when the time of its invocation is up', async () => {
    let aborted: AbortSignal | undefined;
    const handle = handlerOf(async (job, { signal }) => {
      if (job === 'slow') {
        aborted = signal;
        await new Promise(() => undefined);
      }
    });
    const getRemainingTimeInMillis = () => MARGIN_MS + 20;
    const Records = [record('1', '"quick"'), record('2', '"slow"')];
    expect(await handle({ Records }, { getRemainingTimeInMillis })).toEqual(failed('2'));
    expect(aborted?.aborted).toBe(true);
  });
});
