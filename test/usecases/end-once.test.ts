import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoShownCalls } from '#adapters/dynamodb/shown-calls.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { type BusyPolicy, memberOf } from '#domain/call/call.ts';
import { later } from '#domain/time.ts';
import type { HelloJob, RoomJob } from '#ports/queues.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { runTimer } from '#usecases/calls/run-timer.ts';
import { catchUp } from '#usecases/connections/catch-up.ts';
import { sayHello } from '#usecases/connections/say-hello.ts';
import { type TellHandsetDeps, tellHandset } from '#usecases/one-call/tell-handset.ts';
import { answerPerson } from '#usecases/pairs/answer-person.ts';
import { endCall } from '#usecases/pairs/end-call.ts';
import type { ConnectedUser } from '#usecases/pairs/pair-calls.ts';
import { rejectPerson } from '#usecases/pairs/reject-person.ts';
import { ringPerson } from '#usecases/pairs/ring-person.ts';
import { reportUnreachable } from '#usecases/ringing/report-unreachable.ts';
import { aQueue, callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

/** Phones that are told of one call at a time, and what they hear. */
function phones() {
  const { deps: base, skew } = callDeps();
  const shownCalls = dynamoShownCalls(dynamoTable(inject('dynamodb').table, base.clock));
  const heard: string[] = [];
  const say: TellHandsetDeps['say'] = async ({ id }, notices) => {
    heard.push(...notices.map(({ type }) => `${id}: ${type}`));
    return 'sent';
  };
  const send = tellHandset({ ...base, shownCalls, say });
  const deps = {
    ...base,
    shownCalls,
    peers: { ...base.peers, send, close: async () => undefined },
    helloJobs: aQueue<HelloJob>(),
    roomJobs: aQueue<RoomJob>(),
    iceServers: async () => [],
  };
  const connect = async (user: ConnectedUser): Promise<HelloJob> => {
    const { connectionId } = user;
    const connection = { ...user, dialect: 'calls' as const, connectedAt: later(deps.clock(), -6000) };
    await deps.presence.addConnection({ ...connection, id: connectionId });
    return { ...connection, connectionId, user, attempt: 0 };
  };
  const open = async (name: string): Promise<ConnectedUser> => {
    const [userId, connectionId] = [randomUUID(), `${name}-${randomUUID()}`];
    const user = { userId, kind: 'login' as const, tokenFingerprint: name, hardwareId: name, connectionId };
    await connect(user);
    return user;
  };
  const reconnect = async (user: ConnectedUser): Promise<void> => {
    await deps.presence.removeConnection(user.userId, user.connectionId);
    skew.ms += 7000;
    await sayHello(deps)(await connect({ ...user, connectionId: `${user.tokenFingerprint} again` }), false);
  };
  /** Rings somebody. What comes back is what their phone is told of it. */
  const ring = async (user: ConnectedUser, { userId: to }: ConnectedUser, busy: BusyPolicy = 'reject') => {
    const sdp = 'v=0';
    const rules = { ...deps.rules, busy };
    const call = await ringPerson({ ...deps, rules })({ user, to, offer: { sdp }, video: false, at: deps.clock() });
    const signal = { type: 'sdp.offer' as const, from: user.userId, at: deps.clock(), body: { sdp } };
    const [phone] = await deps.presence.connections(to);
    if (!phone) throw new Error(`${to} is not connected`);
    await deps.mailbox.keep({ cid: call.cid, userId: to, ringId: memberOf(call, to)?.ringId }, signal);
    return { phone, offer: { type: 'signal' as const, cid: call.cid, call, signal } };
  };
  return { deps, skew, heard, say, open, reconnect, ring };
}

it.each([0, 5000])('tells of an end once that is asked for again %i ms later, and never who asked', async (pause) => {
  const { deps, skew, heard, open } = phones();
  const [alice, bob] = [await open('alice'), await open('bob')];
  const ring = { user: alice, to: bob.userId, offer: { sdp: 'v=0' }, video: false };
  await ringPerson(deps)({ ...ring, at: deps.clock() });
  for (const ms of [10, pause]) {
    skew.ms += ms;
    await endCall(deps)({ user: alice, to: bob.userId, at: deps.clock() });
  }
  expect(heard).toEqual([`${bob.connectionId}: over`]);
});

it.each(['caller', 'callee'])(
  'tells the %s, who connects again, nothing of what they hung up as they went',
  async (who) => {
    const { deps, skew, heard, open, reconnect } = phones();
    const [alice, bob] = [await open('alice'), await open('bob')];
    const [here, there] = who === 'caller' ? [alice, bob] : [bob, alice];
    await ringPerson(deps)({ user: alice, to: bob.userId, offer: { sdp: 'v=0' }, video: false, at: deps.clock() });
    skew.ms += 10;
    await answerPerson(deps)({ user: bob, to: alice.userId, answer: { sdp: 'v=0' }, at: deps.clock() });
    skew.ms += 10;
    await deps.presence.removeConnection(here.userId, here.connectionId);
    await endCall(deps)({ user: here, to: there.userId, at: deps.clock() });
    await reconnect(here);
    expect(heard.filter((one) => one.endsWith('over'))).toEqual([`${there.connectionId}: over`]);
  },
);

it('tells a caller, who heard that nobody is there, of the answer of whoever has come since, and lets them hang up', async () => {
  const { deps, skew, heard, open } = phones();
  const [alice, bob] = [await open('alice'), await open('bob')];
  const ring = { user: alice, to: bob.userId, offer: { sdp: 'v=0' }, video: false, at: deps.clock() };
  const call = await ringPerson(deps)(ring);
  const { cid } = call;
  const about = { at: deps.clock(), cid, call, userId: bob.userId, reason: 'no_devices' as const };
  for (const connection of await deps.presence.connections(alice.userId))
    await deps.peers.send(connection, [{ type: 'call.unreachable', ...about }]);
  skew.ms += 10;
  await answerPerson(deps)({ user: bob, to: alice.userId, answer: { sdp: 'v=0' }, at: deps.clock() });
  expect(heard).toContain(`${alice.connectionId}: answer`);
  skew.ms += 10;
  await endCall(deps)({ user: alice, to: bob.userId, at: deps.clock() });
  expect((await deps.calls.find(cid))?.status).toBe('ended');
});

it.each([
  ['another connection of their phone is dead', ['sent', 'gone'], 0],
  ['the connection of their phone cannot be posted to', ['failed'], 1],
] as const)(
  'tells a caller of the end of a call that reached nobody, if they have not heard so: %s',
  async (_, outcomes, ends) => {
    const { deps, heard, open } = phones();
    const [alice, bob] = [await open('alice'), await open('bob')];
    const call = await ringPerson(deps)({
      user: alice,
      to: bob.userId,
      offer: { sdp: 'v=0' },
      video: false,
      at: deps.clock(),
    });
    await deps.presence.removeConnection(bob.userId, bob.connectionId);
    const [own] = await deps.presence.connections(alice.userId);
    if (own && outcomes.length > 1) await deps.presence.addConnection({ ...own, id: 'dead' });
    const send: typeof deps.peers.send = async (peer) => (peer.id === 'dead' ? 'gone' : outcomes[0]);
    const ring = { cid: call.cid, userId: bob.userId, ringId: memberOf(call, bob.userId)?.ringId ?? '' };
    await reportUnreachable({ ...deps, peers: { ...deps.peers, send } })(call, ring, 'no_devices');
    const job = deps.timers.sent.find(({ type }) => type === 'unreachable');
    if (job) await runTimer(deps)(job, false);
    expect((await deps.calls.find(call.cid))?.status).toBe('ended');
    expect(heard.filter((one) => one === `${alice.connectionId}: over`)).toHaveLength(ends);
  },
);

it('tells a phone, which connects again in a call that it answered over HTTPS, nothing of the one before', async () => {
  const { deps, skew, heard, open, reconnect } = phones();
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];
  const ring = { offer: { sdp: 'v=0' }, video: false };
  await ringPerson(deps)({ ...ring, user: alice, to: bob.userId, at: deps.clock() });
  await deps.presence.removeConnection(alice.userId, alice.connectionId);
  skew.ms += 10;
  await rejectPerson(deps)({ user: bob, to: alice.userId, at: deps.clock() });
  skew.ms += 10;
  const { cid } = await ringPerson(deps)({ ...ring, user: carol, to: alice.userId, at: deps.clock() });
  skew.ms += 10;
  const { connectionId: _, ...woken } = alice;
  await acceptCall(deps)({ cid, user: woken, answer: { sdp: 'v=0' } });
  await reconnect(alice);
  expect(heard.filter((one) => one.startsWith('alice again'))).toEqual([]);
});

it('tells a phone of the end again if its ring arrives after that, since whoever announces it was slow', async () => {
  const { deps, skew, heard, say, open, ring } = phones();
  const [alice, bob] = [await open('alice'), await open('bob')];
  const { phone, offer } = await ring(alice, bob);
  const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slowly = tellHandset({
    ...deps,
    async say(...what) {
      begun.resolve();
      await released.promise;
      return say(...what);
    },
  });
  const telling = slowly(phone, [offer]);
  await begun.promise;
  skew.ms += 5000;
  await endCall(deps)({ user: alice, to: bob.userId, at: deps.clock() });
  expect(heard).toEqual([`${bob.connectionId}: over`]);
  released.resolve();
  await telling;
  expect(heard).toEqual(['over', 'ring', 'over'].map((one) => `${bob.connectionId}: ${one}`));
});

/** Bob’s phone, which three people ring; what it hears is by their names. */
async function rungByMany() {
  const { deps, skew, open, ring } = phones();
  const [alice, carol, dave, bob] = [await open('alice'), await open('carol'), await open('dave'), await open('bob')];
  const who = { alice, carol, dave };
  type Name = keyof typeof who;
  const names = new Map(Object.entries({ ...who, bob }).map(([name, { userId }]) => [userId, name]));
  const heard: string[] = [];
  const lost = { posts: 0 };
  const say: TellHandsetDeps['say'] = async (_, notices) => {
    const fails = lost.posts > 0;
    lost.posts -= 1;
    heard.push(...notices.map(({ type, other: { id } }) => `${type} of ${names.get(id)}${fails ? ', lost' : ''}`));
    return fails ? 'failed' : 'sent';
  };
  const send = tellHandset({ ...deps, say });
  const telling = { ...deps, peers: { ...deps.peers, send } };
  const calls = async (name: Name) => {
    const { phone, offer } = await ring(who[name], bob, 'ring');
    return send(phone, [offer]);
  };
  const hangsUp = async (name: Name) => {
    skew.ms += 10;
    await endCall(telling)({ user: who[name], to: bob.userId, at: deps.clock() });
  };
  /** Runs what is to be told again, until nothing is. */
  const catchesUp = async () => {
    for (let job = deps.timers.sent.shift(); job; job = deps.timers.sent.shift())
      if (job.type === 'catch-up') await catchUp(telling)(job);
  };
  return {
    ...{ deps, skew, say, lost, heard, who, bob, telling },
    calls,
    hangsUp,
    catchesUp,
    ring: (name: Name) => ring(who[name], bob, 'ring'),
  };
}

it('tells a phone of one of two rings at once, and of the other one when that is over', async () => {
  const { deps, say, heard, hangsUp, catchesUp, ring } = await rungByMany();
  const rings = [await ring('alice'), await ring('carol')];
  const both = Promise.withResolvers<void>();
  let looks = 0;
  const shownCalls = {
    ...deps.shownCalls,
    async find(...of: Parameters<typeof deps.shownCalls.find>) {
      const shown = await deps.shownCalls.find(...of);
      looks += 1;
      if (looks === rings.length) both.resolve();
      await both.promise;
      return shown;
    },
  };
  const told = tellHandset({ ...deps, shownCalls, say });
  await Promise.all(rings.map(({ phone, offer }) => told(phone, [offer])));
  const [first, second] = heard[0] === 'ring of alice' ? (['alice', 'carol'] as const) : (['carol', 'alice'] as const);
  expect(heard).toEqual([`ring of ${first}`]);
  await hangsUp(first);
  await catchesUp();
  expect(heard).toEqual([`ring of ${first}`, `over of ${first}`, `ring of ${second}`]);
});

it('tells a phone of all rings that have waited, one after the other, also if one could not be posted', async () => {
  const { lost, heard, calls, hangsUp, catchesUp } = await rungByMany();
  for (const name of ['alice', 'carol', 'dave'] as const) await calls(name);
  expect(heard).toEqual(['ring of alice']);
  await hangsUp('alice');
  lost.posts = 1;
  await catchesUp();
  const next = heard.at(-1) === 'ring of carol' ? 'carol' : 'dave';
  expect(heard.slice(1)).toEqual(['over of alice', `ring of ${next}, lost`, `ring of ${next}`]);
  await hangsUp(next);
  await catchesUp();
  expect(heard.slice(4)).toEqual([`over of ${next}`, `ring of ${next === 'carol' ? 'dave' : 'carol'}`]);
});

it('tells a phone of a ring that has waited also if another one told the end of the call before', async () => {
  const { deps, lost, heard, calls, hangsUp, catchesUp } = await rungByMany();
  for (const name of ['alice', 'carol'] as const) await calls(name);
  lost.posts = 1;
  await hangsUp('alice');
  deps.timers.sent.length = 0;
  await calls('dave');
  expect(heard).toEqual(['ring of alice', 'over of alice, lost', 'over of alice', 'ring of dave']);
  await hangsUp('dave');
  await catchesUp();
  expect(heard.slice(4)).toEqual(['over of dave', 'ring of carol']);
});

it('tells a phone of a ring that has waited if its user has answered the other one on another phone', async () => {
  const { deps, skew, heard, bob, who, telling, ring, catchesUp } = await rungByMany();
  const tablet = { ...bob, hardwareId: 'tablet', tokenFingerprint: 'tablet', connectionId: `tablet-${randomUUID()}` };
  const connectedAt = later(deps.clock(), -6000);
  await deps.presence.addConnection({ ...tablet, id: tablet.connectionId, dialect: 'calls', connectedAt });
  for (const name of ['alice', 'carol'] as const) {
    const { offer } = await ring(name);
    for (const on of await deps.presence.connections(bob.userId)) await telling.peers.send(on, [offer]);
    skew.ms += 10;
  }
  await answerPerson(telling)({ user: bob, to: who.alice.userId, answer: { sdp: 'v=0' }, at: deps.clock() });
  await catchesUp();
  expect(heard).toEqual(['ring of alice', 'ring of alice', 'over of alice', 'answer of bob', 'ring of carol']);
});

it('tells a phone of a ring that has waited if both ends of its call hang up at once', async () => {
  const { deps, skew, heard, bob, who, telling, calls, hangsUp, catchesUp } = await rungByMany();
  await calls('alice');
  skew.ms += 10;
  await answerPerson(telling)({ user: bob, to: who.alice.userId, answer: { sdp: 'v=0' }, at: deps.clock() });
  await calls('carol');
  skew.ms += 10;
  let isFirst = true;
  const apply: typeof deps.calls.apply = async (change) => {
    const isHangUp = isFirst;
    isFirst = false;
    if (isHangUp) await hangsUp('alice');
    return deps.calls.apply(change);
  };
  const racing = { ...telling, calls: { ...deps.calls, apply } };
  await endCall(racing)({ user: bob, to: who.alice.userId, at: deps.clock() });
  await catchesUp();
  expect(heard.filter((one) => one !== 'answer of bob')).toEqual(['ring of alice', 'ring of carol']);
});

it('tells a phone of a ring that has waited if whoever told the end before died then, and traces that ring', async () => {
  const { deps, heard, telling, calls, hangsUp, catchesUp } = await rungByMany();
  for (const name of ['alice', 'carol'] as const) await calls(name);
  const traced: unknown[] = [];
  const write: typeof deps.traces.write = async (_, events) =>
    void traced.push(
      ...events.filter(({ event }) => event === 'event.delivered').map(({ details }) => details?.['type']),
    );
  Object.assign(telling.traces, { write });
  const { send } = deps.timers;
  Object.assign(deps.timers, { send: () => Promise.reject(new Error('died')) });
  await expect(hangsUp('alice')).rejects.toThrow('died');
  Object.assign(deps.timers, { send });
  await hangsUp('alice');
  await catchesUp();
  expect(heard).toEqual(['ring of alice', 'over of alice', 'ring of carol']);
  expect(traced).toContain('call.ring');
});

it('tells a phone of a ring that has waited if the end before arrives at the last try', async () => {
  const { lost, heard, calls, hangsUp, catchesUp } = await rungByMany();
  for (const name of ['alice', 'carol'] as const) await calls(name);
  lost.posts = 5;
  await hangsUp('alice');
  await catchesUp();
  expect(heard.slice(6)).toEqual(['over of alice', 'ring of carol']);
});

it('rings whoever rings the user, who does not hear it, if that ring ends before its offer is there', async () => {
  const { deps, skew, open } = phones();
  const [alice, bob] = [await open('alice'), await open('bob')];
  await deps.guards.setPreferences(alice.userId, { doNotDisturb: true });
  const wanted = { offer: { sdp: 'v=0' }, video: false };
  const theirs = await ringPerson(deps)({ ...wanted, user: bob, to: alice.userId, at: deps.clock() });
  skew.ms += 10;
  const wait = async (): Promise<void> => {
    await endCall(deps)({ user: bob, to: alice.userId, at: deps.clock() });
  };
  const own = await ringPerson({ ...deps, wait })({ ...wanted, user: alice, to: bob.userId, at: deps.clock() });
  expect(own.cid).not.toBe(theirs.cid);
  expect(own.status).toBe('ringing');
});

it('rings whoever rings the user, who does not hear it, if that ring is over before their phone is told', async () => {
  const { deps, skew, heard, open, ring } = phones();
  const [alice, bob] = [await open('alice'), await open('bob')];
  await deps.guards.setPreferences(alice.userId, { doNotDisturb: true });
  const { offer } = await ring(bob, alice);
  const mailbox = {
    ...deps.mailbox,
    async read(...of: Parameters<typeof deps.mailbox.read>) {
      await endCall(deps)({ user: bob, to: alice.userId, at: deps.clock() });
      return deps.mailbox.read(...of);
    },
  };
  skew.ms += 10;
  const wanted = { user: alice, to: bob.userId, offer: { sdp: 'v=0' }, video: false, at: deps.clock() };
  const call = await ringPerson({ ...deps, mailbox })(wanted);
  expect(call.cid).not.toBe(offer.cid);
  expect(call).toMatchObject({ status: 'ringing', createdBy: { id: alice.userId } });
  expect(heard).not.toContain(`${alice.connectionId}: ring`);
});
