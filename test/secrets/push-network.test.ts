import { afterEach, describe, expect, it } from 'vitest';
import { eventually, people, pushes, pushOf, rest, ring } from '../support/people.ts';

// Faults between the stack and the push services. They affect every push, so these tests have a stack of their own.

afterEach(async () => {
  await rest().request('DELETE', '/_local/push-faults');
  await control('network', { drop_frozen_after_ms: null });
});

async function control(path: string, body: object): Promise<void> {
  const answer = await rest().request('POST', `/_local/${path}`, { body });
  if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

const stats = async () => (await rest().request('GET', '/_local/providers/stats')).body;

/** Rings a new user on an Android phone and an iPhone, and waits until both services have accepted the push. */
async function ringBoth(): Promise<void> {
  const [alice, bob] = await people('Alice', 'bob');
  const phones = [await bob.android(), await bob.iphone()];
  await ring(alice, bob);
  for (const token of phones) {
    const accepted = async () => (await pushes(token)).some(({ status }) => status === 200);
    await eventually(accepted, `a push to ${token}`);
  }
}

describe('a function that was frozen', () => {
  it('sends over the connections that it had before', async () => {
    await ringBoth();
    // If the process of the ring before is still busy, the next ring gets another process, with connections of its own.
    await eventually(async () => {
      const before = await stats();
      await ringBoth();
      const after = await stats();
      return after.apns.connections === before.apns.connections && after.fcm.connections === before.fcm.connections;
    }, 'a ring without a new connection');
  });

  it('sends over new connections if the old ones were forgotten meanwhile', async () => {
    await ringBoth();
    const before = await stats();
    await control('network', { drop_frozen_after_ms: 0 });
    await ringBoth();
    const after = await stats();
    expect(after.apns.connections).toBeGreaterThan(before.apns.connections);
    expect(after.fcm.connections).toBeGreaterThan(before.fcm.connections);
  });
});

describe('a fault of a push service', () => {
  it('strikes once, is counted, and does not prevent the ring', async () => {
    const before = await stats();
    await control('push-faults', { provider: 'apn', fault: 'answer', status: 503 });
    await control('push-faults', { provider: 'fcm', fault: 'refuse_stream' });
    await ringBoth();
    const after = await stats();
    expect([after.apns.faults - before.apns.faults, after.fcm.faults - before.fcm.faults]).toEqual([1, 1]);
  });

  it('is refused with the name of the wrong field if it cannot be injected', async () => {
    const { status, body } = await rest().request('POST', '/_local/push-faults', { body: { provider: 'apn' } });
    expect([status, body.error]).toEqual([400, expect.stringContaining('fault: ')]);
  });
});

describe('a phone that is offline', () => {
  it('gets its push when it is online again', async () => {
    const [alice, bob] = await people('Alice', 'bob');
    const token = await bob.android();
    await control('phones', { token, state: 'offline' });
    await ring(alice, bob);
    expect(await pushOf(token, 'call.ring')).not.toHaveProperty('delivered_at');
    await control('phones', { token, state: 'online' });
    expect(await pushOf(token, 'call.ring')).toHaveProperty('delivered_at');
  });
});
