import { describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, settled, startApp } from '../../support/apps.ts';
import { callPath, type Person, people, SESSIONS } from '../../support/people.ts';
import { type Client, callsClient, sessionsClient, videoClient } from '../../support/socket-io.ts';

// Whom a ring must not reach, and whose rings are unwanted, in every dialect that rings.

vi.setConfig({ testTimeout: APP_TEST_MS });

const offer = { type: 'offer', sdp: 'v=0 offer' };

/** How a dialect rings somebody, where the call is read afterwards, and how it is cancelled. */
const DIALECTS = {
  calls: {
    client: callsClient,
    ring: (caller: Client, _: Person, { id }: Person) =>
      caller.ask('callUser', { to: id, signalData: offer }).then(({ ok, callId }) => ({ ok, id: callId })),
    cancel: (caller: Client, _: Person, { id }: Person) => caller.ask('endCall', { to: id }),
    path: callPath,
  },
  video: {
    client: videoClient,
    ring: (caller: Client, _: Person, { id }: Person) =>
      caller.ask('call_user', { toUserId: id, offer }).then(({ ok, callId }) => ({ ok, id: callId })),
    cancel: (caller: Client, _: Person, { id }: Person) => caller.ask('end_call', { toUserId: id }),
    path: callPath,
  },
  sessions: {
    client: sessionsClient,
    ring: (_: Client, who: Person, { id }: Person) =>
      who.post(SESSIONS, { recipientId: id }).then(({ status, body }) => ({ ok: status === 201, id: body.session.id })),
    cancel: (_: Client, who: Person, __: Person, id: string) => who.post(`${SESSIONS}/${id}/end`),
    path: (id: string) => `/api/v2/video/call/agora/${id}`,
  },
} as const;

type Name = keyof typeof DIALECTS;

/** The events of a client but for what it always hears. */
const news = ({ heard }: Client): string[] =>
  heard.map(({ name }) => name).filter((name) => name !== 'connect' && name !== 'ice_config');

/** What a caller is told of a ring that nobody answers, and of its cancel. */
async function seenBy(name: Name, alice: Person, bob: Person): Promise<unknown> {
  const { client, ring, cancel, path } = DIALECTS[name];
  const caller = await client(alice);
  const { ok, id } = await ring(caller, alice, bob);
  await settled();
  const { call, members } = (await alice.get(path(id))).body;
  await cancel(caller, alice, bob, id);
  await settled();
  const { body: list } = await alice.get('/api/v2/video/calls');
  const seen = [ok, call.status, members.map(({ state }: { state: string }) => state), caller.heard, list.calls.length];
  return JSON.parse(
    JSON.stringify(seen).replaceAll(id, 'CALL').replaceAll(alice.id, 'ALICE').replaceAll(bob.id, 'BOB'),
  );
}

describe.concurrent.each(['calls', 'video', 'sessions'] as const)('a ring over %s', (name) => {
  const { client, ring, path } = DIALECTS[name];

  it.each([
    ['is online', client],
    ['is online where a ring has no words', name === 'sessions' ? callsClient : sessionsClient],
    ['is not', undefined],
  ])('of somebody who has blocked the caller and %s looks like one that nobody answers', async (_, connect) => {
    const [alice, bob, anna, carol] = await people('alice', 'bob', 'anna', 'carol');
    expect((await bob.put(`/api/v2/blocks/${alice.id}`)).status).toBe(204);
    const [his] = connect ? await Promise.all([connect(bob), connect(carol)]) : [];
    const [blocked, unanswered] = await Promise.all([seenBy(name, alice, bob), seenBy(name, anna, carol)]);
    expect(blocked).toEqual(JSON.parse(JSON.stringify(unanswered)));
    expect(his ? news(his) : []).toEqual([]);
    const late = await client(bob);
    await settled();
    expect(news(late)).toEqual([]);
    expect((await bob.get('/api/v2/video/calls')).body.calls).toEqual([]);
  });

  it('of somebody who does not want to be disturbed is not heard', async () => {
    const [alice, bob] = await people('alice', 'bob');
    expect((await bob.put('/api/v2/preferences', { do_not_disturb: true })).status).toBe(200);
    const [caller, callee, app] = await Promise.all([client(alice), client(bob), startApp(bob)]);
    const { ok, id } = await ring(caller, alice, bob);
    await settled();
    expect(ok).toBe(true);
    expect((await alice.get(path(id))).body.call.status).toBe('ringing');
    expect([...news(caller), ...news(callee)]).toEqual([]);
    expect(app.frames.map(({ type }) => type)).toEqual(['user.connected']);
  });
});

it('a ring of the caller whom one has blocked makes them busy, and is no glare', async () => {
  const [alice, bob] = await people('alice', 'bob');
  await bob.put(`/api/v2/blocks/${alice.id}`);
  const [hers, his] = await Promise.all([callsClient(alice), callsClient(bob)]);
  const first = await hers.ask('callUser', { to: bob.id, signalData: offer });
  expect(await his.ask('callUser', { to: alice.id, signalData: offer })).toMatchObject({ ok: true });
  await his.next('callRejected');
  expect((await alice.get(callPath(first.callId))).body.call.status).toBe('ringing');
  expect([...news(hers), ...news(his)]).toEqual(['callRejected']);
});
