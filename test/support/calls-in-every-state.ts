import { callPath, type Person, people, pushes, pushOf, ring, unique } from './people.ts';
import type { Socket } from './raw-client.ts';

/** Calls in every state, and users in every role. Alice has created all calls but the last one. */
export interface CallsInEveryState {
  readonly alice: Person;
  /** Bob and Carol are being rung by Alice. */
  readonly bob: Person;
  readonly carol: Person;
  /** Has answered Alice's call over a socket. */
  readonly dave: Person;
  /** Alice rang her and cancelled. */
  readonly erin: Person;
  /** Declined Alice's call. */
  readonly frank: Person;
  /** Is ringing Mallory. */
  readonly gina: Person;
  /** Is in no call of Alice's. */
  readonly mallory: Person;
  /** The ids of the calls, by their states. */
  readonly ringing: string;
  readonly created: string;
  readonly active: string;
  readonly cancelled: string;
  readonly rejected: string;
  readonly ginas: string;
  readonly missing: string;
  /** One open socket of each user, and one of another device of Dave's. */
  readonly sockets: Readonly<Record<Who, Socket>>;
  /** Everything that a refused request must not change. */
  snapshot(): Promise<unknown>;
  close(): Promise<unknown>;
}

export type Who = 'alice' | 'bob' | 'dave' | 'davesTablet' | 'erin' | 'mallory';

/** Creates the users and the calls. */
export async function callsInEveryState(): Promise<CallsInEveryState> {
  const [alice, bob, carol, dave] = await people('alice', 'bob', 'carol', 'dave');
  const [erin, frank, gina, mallory] = await people('erin', 'frank', 'gina', 'mallory');
  const phone = await bob.android();
  const sockets = {
    alice: await alice.connect(),
    bob: await bob.connect(),
    dave: await dave.connect({ hardwareId: 'phone' }),
    davesTablet: await dave.connect({ hardwareId: 'tablet' }),
    erin: await erin.connect(),
    mallory: await mallory.connect(),
  };
  const { id: ringing } = await ring(alice, [bob, carol]);
  const created = unique('created');
  await alice.post(callPath(created), { members: [bob, dave].map(({ id }) => ({ user_id: id })) });
  const { id: active, cid } = await ring(alice, dave);
  await sockets.dave.ask({ type: 'call.accept', call_cid: cid });
  const { id: cancelled } = await ring(alice, erin);
  await alice.post(callPath(cancelled, '/leave'));
  const { id: rejected } = await ring(alice, frank);
  await frank.post(callPath(rejected, '/reject'));
  const { id: ginas } = await ring(gina, mallory);
  await pushOf(phone, 'call.ring');
  return {
    ...{ alice, bob, carol, dave, erin, frank, gina, mallory },
    ...{ ringing, created, active, cancelled, rejected, ginas, missing: unique('missing'), sockets },
    async snapshot() {
      const [calls, hers, devices] = await Promise.all([
        alice.get('/api/v2/video/calls'),
        mallory.get('/api/v2/video/calls'),
        bob.get('/api/v2/devices'),
      ]);
      return { calls: calls.body, hers: hers.body, devices: devices.body, pushes: (await pushes(phone)).length };
    },
    close: () => Promise.all(Object.values(sockets).map((socket) => socket.close())),
  };
}
