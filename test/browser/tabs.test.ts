import { describe, expect, it } from 'vitest';
import { callPath, type Person, people } from '../support/people.ts';
import { open, type Tab } from './pages.ts';

/** The handset by which a user is in a call, as they see it themselves. */
async function answeredOn(who: Person, cid: string): Promise<string | undefined> {
  const { body } = await who.get(callPath(cid.replace('default:', '')));
  const mine = body.members.find(({ user_id }: { user_id: string }) => user_id === who.id);
  return mine.answered_on?.hardware_id;
}

const endings = async (tab: Tab): Promise<readonly string[]> => (await tab.do('look')).ended;

describe('two tabs of one user', () => {
  it('both ring, one answers, and a reload leaves each its own id', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const hers = await open(alice);
    const one = await open(bob, { hardwareId: 'laptop' });
    const other = await open(bob, { hardwareId: 'laptop', beside: one });
    const cid = await hers.do('ring', [bob.id]);
    await one.do('incoming');
    await other.do('answer');
    expect(await answeredOn(bob, cid)).toBe('laptop.2');
    await expect.poll(() => endings(one), { timeout: 60_000 }).toEqual(['answered_elsewhere']);
    await hers.do('hangUp');
    await other.reload();
    const next = await hers.do('ring', [bob.id]);
    await other.do('answer');
    expect(await answeredOn(bob, next)).toBe('laptop.2');
    await hers.do('hangUp');
  });
});

describe('a second tab', () => {
  it('connects by an id of its own, also where that of the first leaves no room for a number', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const hers = await open(alice);
    const hardwareId = 'x'.repeat(64);
    const one = await open(bob, { hardwareId });
    const other = await open(bob, { hardwareId, beside: one });
    const cid = await hers.do('ring', [bob.id]);
    await other.do('answer');
    expect(await answeredOn(bob, cid)).toMatch(/^[0-9a-f-]{36}$/);
    await hers.do('hangUp');
  });
});

describe('a tab that the browser has frozen', () => {
  it('is connected again when it thaws, and rings for whoever called meanwhile', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    const devtools = await his.page.context().newCDPSession(his.page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    his.network.cut();
    const cid = await hers.do('ring', [bob.id]);
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    expect(await his.do('answer')).toBe(cid);
    await hers.do('hangUp');
  });
});
