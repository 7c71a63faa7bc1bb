import { z } from 'zod';
import type { Connections } from '../../aws/gateway/connections.ts';
import type { Pool } from '../../aws/lambda/pool.ts';
import type { Queues } from '../../aws/sqs/queues.ts';
import { queueStates } from './queue-control.ts';

const query = z.object({
  connections: z.coerce.number().int().min(0).default(Number.POSITIVE_INFINITY),
  delayed: z.coerce.number().int().min(0).default(0),
});

/** What can be under way in a stack. */
export interface Watched {
  readonly functions: readonly Pool[];
  readonly queues: Queues;
  readonly connections: Connections;
}

/**
 * Answers once nothing is under way: no function at work, no message in any queue, and of those for later and of open
 * connections no more than the query says (none, and however many). It looks again after invocations and when a queue
 * has something new: what a receiver of its own deletes it does not see.
 */
export function quiet({ functions, queues, connections }: Watched, search: URLSearchParams): Promise<object> {
  const most = query.parse(Object.fromEntries(search));
  const states = () => Object.values(queueStates(queues));
  const isQuiet = (): boolean =>
    connections.size <= most.connections &&
    functions.every((pool) => pool.underWay() === 0) &&
    states().every(({ visible, in_flight }) => visible + in_flight === 0) &&
    states().reduce((sum, { delayed }) => sum + delayed, 0) <= most.delayed;
  return new Promise((resolve) => {
    // What comes to rest does so after an invocation, or in a dead-letter queue.
    const soon = () => setImmediate(look);
    const unsubscribe = [
      ...functions.map((pool) => pool.onSettled(soon)),
      ...queues.all.map((queue) => queue.onAvailable(soon)),
    ];
    const look = (): void => {
      if (!isQuiet()) return;
      for (const end of unsubscribe) end();
      resolve({});
    };
    look();
  });
}
