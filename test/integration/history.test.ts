import { expect, it } from 'vitest';
import { callPath, people, ring } from '../support/people.ts';

const cidsOf = (answer: { body: { calls: { call: { cid: string } }[] } }) =>
  answer.body.calls.map(({ call }) => call.cid);

it('lists a user’s own calls, newest first, page by page and by status', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    const { id } = await ring(alice, bob);
    await (i === 1 ? alice : bob).post(callPath(id, i === 1 ? '/leave' : '/reject'));
    ids.unshift(`default:${id}`);
  }
  expect(cidsOf(await bob.get('/api/v2/video/calls'))).toEqual(ids);
  expect(cidsOf(await bob.get('/api/v2/video/calls?status=missed'))).toEqual([ids[1]]);
  expect(cidsOf(await alice.get('/api/v2/video/calls?status=missed'))).toEqual([]);
  expect(cidsOf(await bob.get('/api/v2/video/calls?status=active'))).toEqual([]);
  const first = await bob.get('/api/v2/video/calls?limit=2');
  expect(cidsOf(first)).toEqual(ids.slice(0, 2));
  const second = await bob.get(`/api/v2/video/calls?limit=2&next=${first.body.next}`);
  expect(cidsOf(second)).toEqual(ids.slice(2));
  expect(second.body).not.toHaveProperty('next');
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'status=odd', 'next=!!!', 'next=abcd']) {
    expect((await bob.get(`/api/v2/video/calls?${query}`)).body).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
  }
});

it('lists a call once, even if it was created by two requests', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const { id } = await ring(alice, bob);
  await alice.post(callPath(id), { members: [{ user_id: bob.id }], ring: true });
  expect(cidsOf(await bob.get('/api/v2/video/calls'))).toEqual([`default:${id}`]);
});
