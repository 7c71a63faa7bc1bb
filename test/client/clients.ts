import { afterEach, inject } from 'vitest';
import type { Call, CallEvents } from '#client/call.ts';
import { Carillon, type CarillonEvents, type CarillonOptions } from '#client/carillon.ts';
import type { CallSnapshot } from '#client/snapshot.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import type { Person } from '../support/people.ts';
import { type StalledRelay, stalledRelay } from '../support/stalled-relay.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** A client of `who`, which is closed after the test. */
export function clientOf(who: Person, options: Partial<CarillonOptions> = {}): Carillon {
  const client = new Carillon({ url: inject('stackUrl'), token: who.token, ...options });
  opened.push(() => client.close());
  return client;
}

/** A client of `who` that is connected. */
export async function connected(who: Person, options?: Partial<CarillonOptions>): Promise<Carillon> {
  const client = clientOf(who, options);
  await client.connect();
  return client;
}

/** A relay before the stack, as the network of one client. */
export async function network(): Promise<StalledRelay> {
  const relay = await stalledRelay(inject('stackUrl'));
  opened.push(() => relay.close());
  return relay;
}

/** Fails if something does not come in time. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`never came: ${what}`)), PATIENCE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The next event of a client. */
export const nextOf = <Name extends keyof CarillonEvents>(
  client: Carillon,
  name: Name,
): Promise<CarillonEvents[Name]> => within(new Promise((resolve) => client.once(name, resolve)), name);

/** The next event of a call. */
export const next = <Name extends keyof CallEvents>(call: Call, name: Name): Promise<CallEvents[Name]> =>
  within(new Promise((resolve) => call.once(name, resolve)), `${name} of ${call.cid}`);

/** Waits until a call has this status. */
export async function becomes(call: Call, status: CallSnapshot['status']): Promise<CallSnapshot> {
  if (call.status !== status) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = call.on('change', (now) => now.status === status && resolve());
    await within(promise, `${status} of ${call.cid}, which is ${call.status}`);
    stop();
  }
  return call.snapshot;
}

/** The next signal of a call that fits. */
export const signal = (call: Call, text: string): Promise<void> =>
  within(
    new Promise<void>((resolve) => {
      call.on('signal', (one) => JSON.stringify(one).includes(text) && resolve());
    }),
    `${text} in ${call.cid}`,
  );

/** A call between the clients of two users, answered. */
export async function talking(hers: Carillon, his: Carillon): Promise<{ hers: Call; his: Call }> {
  const incoming = nextOf(his, 'incoming');
  const call = await hers.ring([his.userId]);
  const answered = await incoming;
  await answered.accept();
  await becomes(call, 'active');
  return { hers: call, his: answered };
}
