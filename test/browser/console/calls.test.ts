import { describe, expect, it } from 'vitest';
import { callPath, people, ring, unique } from '../../support/people.ts';
import { comesInTime, expectGoodForAll, focused, localTime, openConsole, tabTo } from './open-console.ts';

describe('the list of calls', () => {
  it('shows a new call by itself, and how it goes on', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const page = await openConsole(`/console/?user=${bob.id}`, { routes: (opened) => opened.clock.install() });
    await page.getByText('No call matches.').waitFor();
    await bob.android();
    const { id } = await ring(alice, bob);
    const line = page.locator('.calls li', { hasText: bob.id });
    await comesInTime(page, line.getByText('ringing'));
    await bob.post(callPath(id, '/reject'), { reason: 'decline' });
    await comesInTime(page, line.getByText('rejected'));
    await line.getByText(/declined after \d+ ms/).waitFor();
  });

  it('is narrowed to a state and to the text of a verdict, by an address that can be passed on', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    await bob.android();
    const declined = await ring(alice, bob);
    await bob.post(callPath(declined.id, '/reject'), { reason: 'decline' });
    const lonely = await ring(alice, carol);
    await alice.post(callPath(lonely.id, '/mark_ended'));
    const page = await openConsole(`/console/?user=${alice.id}`);
    await expect.poll(() => page.locator('.calls li').count()).toBe(2);
    await page.getByLabel('Verdict has').fill('DECLINED');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => page.locator('.calls li').allInnerTexts()).toEqual([expect.stringContaining(bob.id)]);
    await page.reload();
    await page.getByText('One call of the newest 2').waitFor();
    await page.getByLabel('State').selectOption('ringing');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('No call matches.').waitFor();
    await page.getByRole('button', { name: 'All calls' }).click();
    await page.locator('.calls li').first().waitFor();
  });

  it('includes the minute that To names', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { answer } = await ring(alice, bob);
    const created = Date.parse(answer.body.call.created_at);
    const during = (at: number): string => `/console/?user=${bob.id}&from=${localTime(at)}&to=${localTime(at)}`;
    const page = await openConsole(during(created));
    await page.locator('.calls li', { hasText: bob.id }).waitFor();
    await page.goto(new URL(during(created - 60_000), page.url()).href);
    await page.getByText('No call matches.').waitFor();
  });

  it('goes back as far as somebody asks for', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const ids = [];
    for (let i = 0; i < 51; i += 1) {
      const { id } = await ring(alice, bob, { ring: false });
      ids.push(id);
    }
    const page = await openConsole(`/console/?user=${bob.id}`);
    await expect.poll(() => page.locator('.calls li').count()).toBe(50);
    await page.getByRole('button', { name: 'Show earlier calls' }).click();
    await expect.poll(() => page.locator('.calls li').count()).toBe(51);
    expect(await page.locator('.calls a').last().getAttribute('href')).toContain(ids[0]);
  });

  it('has no fault that axe finds, in the light and in the dark, and fits a screen of 320 pixels', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    const { id } = await ring(alice, [bob, carol]);
    await bob.post(callPath(id, '/reject'), { reason: 'decline' });
    await ring(carol, alice);
    const page = await openConsole(`/console/?user=${alice.id}`);
    await expectGoodForAll(page, page.locator('.calls li').nth(1));
  });
});

describe('an id that is pasted', () => {
  it('finds the call, with or without its type, or else the user', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { id, cid } = await ring(alice, bob);
    const page = await openConsole('/console/');
    const find = async (text: string): Promise<void> => {
      await page.getByLabel('Call id or user id').fill(text);
      await page.keyboard.press('Enter');
    };
    await find(cid);
    await page.getByRole('heading', { name: `Call ${cid}` }).waitFor();
    await find(` ${bob.id} `);
    await page.getByRole('heading', { name: `User ${bob.id}` }).waitFor();
    await find(id);
    await page.getByRole('heading', { name: `Call ${cid}` }).waitFor();
    for (const nobody of ['<script>', 'default:nope']) {
      await find(nobody);
      await page.getByText('No call and no user has this id.').waitFor();
    }
    const colon = `default:${unique('bob')}`;
    await ring(alice, { ...bob, id: colon });
    await find(colon);
    await page.getByRole('heading', { name: `User ${colon}` }).waitFor();
  });
});

describe('the keyboard alone', () => {
  it('leads from the list of calls to the raw rows of one, and back to the list', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { cid } = await ring(alice, bob);
    const page = await openConsole(`/console/?user=${bob.id}`);
    await page.locator('.calls li').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.locator('.skip:focus').isVisible()).toBe(true);
    await tabTo(page, page.locator('.calls a'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Call ${cid}` }).waitFor();
    await page.getByRole('table').waitFor();
    await tabTo(page, page.locator('summary'));
    await page.keyboard.press('Enter');
    await page.locator('pre.raw').waitFor();
    await tabTo(page, page.locator('pre.raw'));
    // Past the end of the page it begins again.
    await tabTo(page, page.locator('nav a').first());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    await tabTo(page, page.getByLabel('Verdict has'));
    await page.keyboard.type('ringing');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/verdict=ringing/);
    expect(await focused(page)).toBe('Show');
  });
});
