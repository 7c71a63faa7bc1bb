import { z } from 'zod';
import type { Connections } from '../runtime/gateway/connections.ts';
import type { Pool } from '../runtime/lambda/pool.ts';
import type { Queues } from '../runtime/sqs/queues.ts';
import { queueStates } from './queue-control.ts';

const query = z.object({ connections: z.coerce.number().int().min(0).default(Number.POSITIVE_INFINITY) });

/** What can be under way in a stack. */
export interface Watched {
  readonly functions: readonly Pool[];
  readonly queues: Queues;
  readonly connections: Connections;
}

/**
 * Answers once nothing is under way: no function at work, no message in any queue, be it for later, and no more
 * connections open than the query says, where it does.
 */
export function quiet({ functions, queues, connections }: Watched, search: URLSearchParams): Promise<object> {
  const most = query.parse(Object.fromEntries(search)).connections;
  const isQuiet = (): boolean =>
    connections.size <= most &&
    functions.every((pool) => pool.underWay() === 0) &&
    Object.values(queueStates(queues)).every(({ visible, in_flight, delayed }) => visible + in_flight + delayed === 0);
  return new Promise((resolve) => {
    // Whatever comes to rest does so with an invocation: a message is deleted, and a connection says goodbye, by one.
    const unsubscribe = functions.map((pool) => pool.onSettled(() => setImmediate(look)));
    const look = (): void => {
      if (!isQuiet()) return;
      for (const end of unsubscribe) end();
      resolve({});
    };
    look();
  });
}
