import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pool } from '#local/aws/lambda/pool.ts';
import { connectEventSource } from '#local/aws/sqs/event-source.ts';
import { openQueue } from '#local/aws/sqs/queue.ts';
import type { Queues } from '#local/aws/sqs/queues.ts';
import { quiet } from '#local/lab/control/quiet.ts';
import { openUsage } from '#local/lab/metering/usage.ts';
import { startTestHost, type TestHost } from './a-lambda-host.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
});
afterAll(() => host.stop());

/** A function and its queue. It fails on every message, so messages become dead letters. */
async function aStack(): Promise<{ pool: Pool; queues: Queues; send(delayS?: number): void; dead(): number }> {
  const pool = host.aFunction();
  await pool.warm();
  const disorder = { duplicate: false, shuffle: false };
  const spec = { name: 'DeadQueue', arn: 'dead', url: '', visibilityMs: 20, delayS: 0, redrive: undefined };
  const dead = openQueue(spec, disorder, () => undefined);
  const redrive = { deadLetterArn: 'dead', maxReceiveCount: 2 };
  const queue = openQueue({ ...spec, name: 'WorkQueue', arn: 'work', redrive }, disorder, () => dead);
  const mapping = { queueArn: 'work', functionName: pool.name, batchSize: 1, partialFailures: true, pollers: 1 };
  connectEventSource(queue, mapping, pool, openUsage(false), () => {});
  return {
    pool,
    queues: { all: [queue, dead], disorder, deadLettersOf: () => dead },
    send: (delayS) => void queue.send({ body: '{}' }, delayS),
    dead: () => dead.state().visible,
  };
}

const connections = new Map();
const streams = { caughtUp: async () => undefined };

describe('a stack is quiet', () => {
  it('once no function is running', async () => {
    const { pool, queues } = await aStack();
    let done = false;
    void pool.invoke({ act: 'slow' }).then(() => {
      done = true;
    });
    await quiet({ functions: [pool], queues, connections: [connections], streams }, new URLSearchParams());
    expect(done).toBe(true);
  });

  it('once every message is handled or given up', async () => {
    const { pool, queues, send, dead } = await aStack();
    send();
    await quiet({ functions: [pool], queues, connections: [connections], streams }, new URLSearchParams());
    expect(dead()).toBe(1);
  });

  it('with delayed messages, if as many are allowed', async () => {
    const { pool, queues, send, dead } = await aStack();
    send(0.1);
    await quiet({ functions: [pool], queues, connections: [connections], streams }, new URLSearchParams('delayed=1'));
    expect(dead()).toBe(0);
    await quiet({ functions: [pool], queues, connections: [connections], streams }, new URLSearchParams());
    expect(dead()).toBe(1);
  });
});
