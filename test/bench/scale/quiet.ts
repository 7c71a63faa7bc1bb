import { api } from '../../../tools/client.ts';

/** What waits in a queue of the local stack. */
export interface QueueState {
  readonly visible: number;
  readonly in_flight: number;
  /** Timers of which the time has not come. */
  readonly delayed: number;
  readonly dead: readonly string[];
}

/** The queues of a stack by their names. */
export async function queues(url: string): Promise<Record<string, QueueState>> {
  return (await api(url).request('GET', '/_local/queues')).body.queues;
}

/** Resolves once no function is at work, no message is under way, timers aside, and no more than so many sockets are open. */
export async function quiet(url: string, connections = Number.MAX_SAFE_INTEGER): Promise<void> {
  const query = `connections=${connections}&delayed=${Number.MAX_SAFE_INTEGER}`;
  const { status } = await api(url).request('GET', `/_local/quiet?${query}`);
  if (status !== 200) throw new Error(`the stack never came to rest: ${status}`);
}
