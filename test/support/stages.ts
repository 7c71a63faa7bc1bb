import type { Socket } from '../../tools/client.ts';
import { callPath, type Person, person, pushes, pushOf, ring, unique } from './people.ts';

const LONG_RING = { settings_override: { ring: { auto_cancel_timeout_ms: 180_000 } } };

/** Calls in every state, with people in every part; all of alice's making but the last one. */
export interface Stage {
  readonly alice: Person;
  /** Is rung by alice, and so is carol. */
  readonly bob: Person;
  readonly carol: Person;
  /** Has answered alice on a socket. */
  readonly dave: Person;
  /** Alice gave up calling her. */
  readonly erin: Person;
  /** Declined alice's call. */
  readonly frank: Person;
  /** Is ringing alice. */
  readonly gina: Person;
  readonly mallory: Person;
  /** Ids of calls. */
  readonly ringing: string;
  readonly created: string;
  readonly active: string;
  readonly cancelled: string;
  readonly rejected: string;
  readonly ginas: string;
  readonly missing: string;
  /** The sockets of each, by name: one that is open, and for dave another device's. */
  readonly sockets: Readonly<Record<Who, Socket>>;
  /** Everything that a refusal must leave as it is. */
  look(): Promise<unknown>;
  close(): Promise<unknown>;
}

export type Who = 'alice' | 'bob' | 'dave' | 'davesTablet' | 'erin' | 'mallory';

const four = (...names: readonly [string, string, string, string]): Promise<[Person, Person, Person, Person]> =>
  Promise.all([person(names[0]), person(names[1]), person(names[2]), person(names[3])]);

/** Sets the stage. */
export async function setStage(): Promise<Stage> {
  const [alice, bob, carol, dave] = await four('alice', 'bob', 'carol', 'dave');
  const [erin, frank, gina, mallory] = await four('erin', 'frank', 'gina', 'mallory');
  const phone = await bob.android();
  const sockets = {
    alice: await alice.connect(),
    bob: await bob.connect(),
    dave: await dave.connect({ hardwareId: 'phone' }),
    davesTablet: await dave.connect({ hardwareId: 'tablet' }),
    erin: await erin.connect(),
    mallory: await mallory.connect(),
  };
  const { id: ringing } = await ring(alice, [bob, carol], LONG_RING);
  const created = unique('created');
  await alice.post(callPath(created), { members: [bob, dave].map(({ id }) => ({ user_id: id })) });
  const { id: active, cid } = await ring(alice, dave, LONG_RING);
  await sockets.dave.ask({ type: 'call.accept', call_cid: cid });
  const { id: cancelled } = await ring(alice, erin, LONG_RING);
  await alice.post(callPath(cancelled, '/leave'));
  const { id: rejected } = await ring(alice, frank, LONG_RING);
  await frank.post(callPath(rejected, '/reject'));
  const { id: ginas } = await ring(gina, mallory, LONG_RING);
  await pushOf(phone, 'call.ring');
  return {
    ...{ alice, bob, carol, dave, erin, frank, gina, mallory },
    ...{ ringing, created, active, cancelled, rejected, ginas, missing: unique('missing'), sockets },
    async look() {
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
