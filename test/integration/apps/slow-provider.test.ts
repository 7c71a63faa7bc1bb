import { expect, it } from 'vitest';
import { callPath, eventually, type Person, people, ring, script } from '../../support/people.ts';

interface Traced {
  readonly at: string;
  readonly event: string;
  readonly provider?: string;
}

/** What became of the pushes to somebody's phones, as their own trace has it. */
async function pushesIn(who: Person, id: string): Promise<Traced[]> {
  const { body } = await who.get(callPath(id, '/trace'));
  return body.trace.filter(({ event }: Traced) => event === 'push.accepted' || event === 'push.failed');
}

it('lets no FCM push wait for an APNs that says nothing, of the same callee or of another one', async () => {
  const [alice, bob, carol] = await people('alice', 'bob', 'carol');
  const iphone = await bob.iphone();
  await Promise.all([bob.android(), carol.android()]);
  await script(iphone, { drop: 'silent' });
  const { id } = await ring(alice, [bob, carol]);
  const [first, given] = await eventually(async () => {
    const all = await pushesIn(bob, id);
    return all.length >= 2 && all;
  }, 'the end of the attempt at APNs');
  expect([first, given]).toMatchObject([
    { event: 'push.accepted', provider: 'firebase' },
    { event: 'push.failed', provider: 'apn' },
  ]);
  // The rings of a group are sent together, and a batch takes ten: hers was over before his attempt at APNs was given up.
  const [hers] = await pushesIn(carol, id);
  expect(hers).toMatchObject({ event: 'push.accepted', provider: 'firebase' });
  expect(Date.parse(hers?.at ?? '')).toBeLessThan(Date.parse(given?.at ?? ''));
});
