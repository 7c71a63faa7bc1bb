import { api } from '../../support/raw-client.ts';

/** The state of a queue of the local stack. */
export interface QueueState {
  readonly visible: number;
  readonly in_flight: number;
  /** Timers that are not due yet. */
  readonly delayed: number;
  readonly dead: readonly string[];
}

/** The queues of a stack by their names. */
export async function queues(url: string): Promise<Record<string, QueueState>> {
  return (await api(url).request('GET', '/_local/queues')).body.queues;
}

/** Resolves once no function is at work, no message but timers is left, and no more than a number of sockets are open. */
export async function quiet(url: string, connections = Number.MAX_SAFE_INTEGER): Promise<void> {
  const query = `connections=${connections}&delayed=${Number.MAX_SAFE_INTEGER}`;
  const { status } = await api(url).request('GET', `/_local/quiet?${query}`);
  if (status !== 200) throw new Error(`the stack never came to rest: ${status}`);
}
