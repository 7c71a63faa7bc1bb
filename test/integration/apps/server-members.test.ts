import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  asServer,
  codeOf,
  memberIn,
  membersOf,
  pushedKeys,
  startApp,
  talking,
  three,
  two,
} from '../../support/apps.ts';
import { callPath, person, ring, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

describe('a server token without a user_id', () => {
  it('adds members to a call', async () => {
    const { alice, hers, his, id } = await talking();
    const carol = await person('carol');
    const answer = await asServer('POST', callPath(id, '/members'), { members: membersOf(carol) });
    expect(answer.status).toBe(200);
    for (const app of [hers, his]) expect(await app.next('call.member_added')).toMatchObject({ user_id: carol.id });
    expect(await memberIn(alice, id, carol.id)).toMatchObject({ state: 'invited', role: 'user' });
  });

  it('rings the members that it adds on their phones and sockets', async () => {
    const { id, cid } = await talking();
    const carol = await person('carol');
    const phone = await android(carol);
    const app = await startApp(carol);
    const answer = await asServer('POST', callPath(id, '/members'), { members: membersOf(carol), ring: true });
    expect(answer.status).toBe(200);
    await app.next('call.ring');
    expect(await pushedKeys(phone, 'call.ring')).toMatchObject({ call_cid: cid, receiver_id: carol.id });
    expect(codeOf(await app.ask({ type: 'call.accept', call_cid: cid }))).toBe('ok');
  });

  it('adds members to a ringing call and to one without a ring', async () => {
    const [alice, bob, carol] = await three();
    const { id } = await ring(alice, bob);
    expect((await asServer('POST', callPath(id, '/members'), { members: membersOf(carol) })).status).toBe(200);
    const created = unique('created');
    await alice.post(callPath(created), { members: membersOf(bob) });
    const answer = await asServer('POST', callPath(created, '/members'), { members: membersOf(carol) });
    expect(answer.body.members).toHaveLength(3);
  });

  it('may still name any member as user_id', async () => {
    const { bob, id } = await talking();
    const carol = await person('carol');
    const path = `${callPath(id, '/members')}?user_id=${bob.id}`;
    expect((await asServer('POST', path, { members: membersOf(carol) })).status).toBe(200);
  });

  it('gets the usual refusals', async () => {
    const [alice, bob, carol] = await three();
    const { id } = await ring(alice, bob);
    const many = { members: Array.from({ length: 99 }, () => ({ user_id: unique('m') })) };
    expect((await asServer('POST', callPath(id, '/members'), many)).body.code).toBe('too_many_members');
    await alice.post(callPath(id, '/leave'));
    const one = { members: membersOf(carol) };
    expect((await asServer('POST', callPath(id, '/members'), one)).body.code).toBe('call_ended');
    expect((await asServer('POST', callPath(unique('nothing'), '/members'), one)).body.code).toBe('not_found');
    expect((await asServer('POST', callPath(id, '/members'), { members: [] })).body.code).toBe('validation_failed');
  });

  it('is refused for everything that needs a user', async () => {
    const [alice, bob] = await two();
    const { id } = await ring(alice, bob);
    for (const last of ['/accept', '/reject', '/leave', '/ringing', '/ring'])
      expect((await asServer('POST', callPath(id, last), {})).body).toMatchObject({
        status: 400,
        errors: [{ path: 'user_id' }],
      });
  });
});

describe('a user token', () => {
  it('adds members if it is the creator’s', async () => {
    const { alice, bob, id } = await talking();
    const [carol, dave] = await two('carol', 'dave');
    expect((await alice.post(callPath(id, '/members'), { members: membersOf(carol) })).status).toBe(200);
    expect((await bob.post(callPath(id, '/members'), { members: membersOf(dave) })).body.code).toBe('not_allowed');
    expect((await dave.post(callPath(id, '/members'), { members: membersOf(dave) })).body.code).toBe('not_a_member');
  });
});
