import { describe, expect, it } from 'vitest';
import { dial, startApp, two } from '../../support/apps.ts';
import {
  callPath,
  connectWith,
  eventually,
  keysOf,
  onceKeysAreKnown,
  type Person,
  person,
  pushes,
  pushOf,
  rest,
  ring,
  tokenWith,
} from '../../support/people.ts';

// What becomes of a user who signs out everywhere, or is deleted: in a call, in a ring, with every kind of token, twice.

const server = () => tokenWith({ role: 'server' });

const signOut = async (who: Person, token = who.token) =>
  rest().request('POST', `/api/v2/users/${who.id}/sign_out`, { token });

const remove = async (who: Person) => rest().request('DELETE', `/api/v2/users/${who.id}`, { token: await server() });

const devices = (token: string) => rest().request('GET', '/api/v2/devices', { token });

const signedOut = { status: 401, body: { code: 'unauthenticated', reason: 'signed_out' } };

const idpToken = async (claims: object): Promise<string> =>
  (await rest().request('POST', '/_local/issuer/tokens', { body: { claims } })).body.token;

/** Waits until a token is refused: functions may take up to five seconds to know. */
const refused = (token: string) =>
  eventually(async () => (await devices(token)).body.reason === 'signed_out', 'the token to be refused');

const newToken = (who: Person) => tokenWith({ user_id: who.id });

describe.concurrent('signing out everywhere', () => {
  it('refuses every earlier token, and none that is minted after it', async () => {
    const bob = await person('bob');
    const other = await newToken(bob);
    const [idp, dateless] = await Promise.all([idpToken({ sub: bob.id }), idpToken({ sub: bob.id, iat: null })]);
    expect(await onceKeysAreKnown(() => devices(dateless))).toMatchObject({ status: 200 });
    expect(await signOut(bob)).toMatchObject({ status: 204 });
    const after = await newToken(bob);
    expect(await devices(after)).toMatchObject({ status: 200 });
    for (const token of [bob.token, other, idp, dateless, await idpToken({ sub: bob.id, iat: null })]) {
      await refused(token);
      await expect(connectWith(token)).rejects.toThrow('401');
    }
    await refused(bob.token);
    // Another instance may take the token for some seconds more.
    const again: { status: number }[] = [];
    await eventually(async () => again.push(await signOut(bob)) > 0 && again.at(-1)?.status !== 204, 'a refusal');
    expect(again.at(-1)).toMatchObject(signedOut);
    expect(await signOut(bob, await server())).toMatchObject({ status: 204 });
  });

  it('closes every connection and forgets every device, and the user may begin anew', async () => {
    const bob = await person('bob');
    const phone = await bob.android();
    const apps = await Promise.all(['a', 'b'].map((hardwareId) => startApp(bob, { hardwareId })));
    await signOut(bob);
    await Promise.all(apps.map(({ closed }) => closed));
    const token = await newToken(bob);
    expect(await devices(token)).toMatchObject({ status: 200, body: { devices: [] } });
    const again = await rest().request('POST', '/api/v2/devices', {
      token,
      body: { id: phone, push_provider: 'firebase' },
    });
    expect(again).toMatchObject({ status: 201 });
    const app = await startApp(bob, { token });
    expect(app.heard('user.connected')).toHaveLength(1);
  });

  it('during a ring silences the phones, and refuses their wake tokens also when the phone comes back', async () => {
    const [alice, bob] = await two();
    const phone = await bob.android({ hardware_id: 'p' });
    const { id } = await ring(alice, bob);
    const wake = keysOf(await pushOf(phone, 'call.ring'))['wake_token'] ?? '';
    await signOut(bob);
    expect(keysOf(await pushOf(phone, 'call.ended'))).not.toHaveProperty('notify');
    const token = await newToken(bob);
    await rest().request('POST', '/api/v2/devices', { token, body: { id: phone, push_provider: 'firebase' } });
    await eventually(
      async () => (await rest().request('GET', callPath(id), { token: wake })).body.reason === 'signed_out',
      'the wake token to be refused',
    );
    await expect(connectWith(wake)).rejects.toThrow('401');
    // The ring goes on, and whoever logs in again may answer.
    const accepted = await rest().request('POST', callPath(id, '/accept'), { token, body: {} });
    expect(accepted).toMatchObject({ status: 200 });
  });

  it('during a call is the loss of all connections: after the grace they have left', async () => {
    const [alice, bob] = await two();
    const [caller, callee] = await Promise.all([startApp(alice), startApp(bob, { hardwareId: 'h' })]);
    const { cid } = await dial(caller, bob);
    await callee.next('call.ring');
    await callee.ask({ type: 'call.accept', call_cid: cid });
    await signOut(bob);
    await callee.closed;
    expect(await caller.next('call.member_left')).toMatchObject({ user_id: bob.id });
    expect(await caller.next('call.ended')).toMatchObject({ reason: 'completed' });
  });

  it('refuses the call token of an answer', async () => {
    const [alice, bob] = await two();
    const phone = await bob.android({ hardware_id: 'p' });
    const { id } = await ring(alice, bob);
    const wake = keysOf(await pushOf(phone, 'call.ring'))['wake_token'] ?? '';
    const { body } = await rest().request('POST', callPath(id, '/accept'), { token: wake, body: {} });
    await signOut(bob, await server());
    await eventually(
      async () => (await rest().request('GET', callPath(id), { token: body.call_token })).body.reason === 'signed_out',
      'the call token to be refused',
    );
  });

  it('is for the user and for servers alone', async () => {
    const [alice, bob] = await two();
    expect(await signOut(bob, alice.token)).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
    expect(await devices(bob.token)).toMatchObject({ status: 200 });
    const nobody = await rest().request('POST', '/api/v2/users/no%20user/sign_out', { token: await server() });
    expect(nobody).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path: 'user_id' }] } });
  });
});

describe.concurrent('deleting a user', () => {
  it('takes them out of their call and deletes what is theirs; calls of others keep their id', async () => {
    const [alice, bob] = await two();
    await bob.android();
    const [caller, callee] = await Promise.all([startApp(alice), startApp(bob, { hardwareId: 'h' })]);
    const { id, cid } = await dial(caller, bob);
    await callee.next('call.ring');
    await callee.ask({ type: 'call.accept', call_cid: cid });
    expect(await remove(bob)).toMatchObject({ status: 202 });
    await callee.closed;
    expect(await caller.next('call.member_left')).toMatchObject({ user_id: bob.id });
    await refused(bob.token);
    const token = await newToken(bob);
    await eventually(async () => {
      const { body } = await rest().request('GET', '/api/v2/video/calls', { token });
      return body.calls?.length === 0;
    }, 'the history to be gone');
    expect(await devices(token)).toMatchObject({ body: { devices: [] } });
    expect((await alice.get(callPath(id))).body.members.map(({ user_id }: { user_id: string }) => user_id)).toContain(
      bob.id,
    );
    expect((await alice.get('/api/v2/video/calls')).body.calls).toHaveLength(1);
    expect(await remove(bob)).toMatchObject({ status: 202 });
  });

  it('while they are rung declines for them, and while they ring hangs up', async () => {
    const [alice, bob] = await two();
    const phone = await bob.android();
    const { id } = await ring(alice, bob);
    await pushOf(phone, 'call.ring');
    await remove(bob);
    await eventually(async () => (await alice.get(callPath(id))).body.call.status === 'ended', 'the ring to end');
    await eventually(
      async () => (await pushes(phone)).some((push) => keysOf(push)['type'] !== 'call.ring'),
      'the stop',
    );
    const carol = await person('carol');
    const other = await ring(alice, carol);
    await remove(alice);
    await eventually(
      async () => (await carol.get(callPath(other.id))).body.call.ended_reason === 'cancelled',
      'the end',
    );
  });

  it('is for servers alone', async () => {
    const bob = await person('bob');
    const answer = await rest().request('DELETE', `/api/v2/users/${bob.id}`, { token: bob.token });
    expect(answer).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  });
});
