import { describe, expect, it } from 'vitest';
import { callPath, people, ring } from '../../support/people.ts';
import { expectGoodForAll, openConsole, screenReader } from './open-console.ts';
import { anAnsweredCall, traced } from './scenes.ts';

async function answered() {
  const [alice, bob] = await people('alice', 'bob');
  const id = await anAnsweredCall(alice, bob);
  return { bob, id, address: `/console/calls/default/${id}` };
}

describe('the page of a call', () => {
  it('says first what became of the ring, and tells it phone by phone, in a picture and in words', async () => {
    const { bob, address } = await answered();
    const page = await openConsole(address);
    await page
      .getByText(/^rang after \d+ ms, answered after \d+ ms$/)
      .first()
      .waitFor();
    expect(page.url()).not.toContain('token');
    const lanes = page.locator('.lane-group', { hasText: bob.id }).locator('.lane-name');
    await expect.poll(() => lanes.count()).toBe(2);
    for (const words of [
      'iphone-15 · APNs',
      'APNs takes it',
      'answered on this phone',
      'pixel-8 · FCM',
      '503 UNAVAILABLE',
      'told to stop',
    ]) {
      await lanes.filter({ hasText: words }).waitFor();
    }
    const rows = page.getByRole('table').getByRole('row');
    await rows.filter({ hasText: 'the phone says that it rings' }).waitFor();
  });

  it('tells a screen reader in words all that the picture shows', async () => {
    const { bob, id, address } = await answered();
    const page = await openConsole(address);
    await page.locator('.lane-name', { hasText: 'pixel-8' }).waitFor();
    const said = await screenReader(page);
    const figure = said.find(({ role }) => role === 'figure')?.name;
    expect(figure).toBe('The ring as a picture. The table below says the same in words.');
    // Nothing of a drawing is read out: each lane is said in words beside it.
    expect(said.filter(({ role }) => /graphics|image|img|svg/i.test(role))).toEqual([]);
    const { trace } = (await bob.get(callPath(id, '/trace'))).body;
    const rows = said.filter(({ role }) => role === 'row').map(({ text }) => text);
    expect(said.find(({ role }) => role === 'table')?.name).toBe(`What happened, ${trace.length} rows`);
    expect(rows).toHaveLength(trace.length + 1);
    expect(rows).toContain('After At Who What Phone');
    // Every mark of the picture, by the words that it shows when pointed at, is in the table.
    const marks: string[] = await page.locator('figure svg title').allTextContents();
    expect(marks.length).toBeGreaterThan(8);
    for (const mark of marks) {
      const words = mark.slice(0, mark.lastIndexOf(', after '));
      expect(
        rows.some((row) => row.includes(words)),
        mark,
      ).toBe(true);
    }
    for (const words of ['iphone-15', 'pixel-8', '503 UNAVAILABLE', 'told to stop'])
      expect(
        said.some(({ role, text }) => role === 'figure' && text.includes(words)),
        words,
      ).toBe(true);
  });

  it('tells the missed-call notice of a busy callee from a stop', async () => {
    const [alice, bob, carol] = await people('alice', 'bob', 'carol');
    await bob.android({ hardware_id: 'pixel-8' });
    const first = await ring(alice, bob);
    await bob.post(callPath(first.id, '/accept'));
    const second = await ring(carol, bob);
    await traced(bob, second.id, ({ event, type }) => event === 'push.accepted' && type === 'call.missed');
    const page = await openConsole(`/console/calls/default/${second.id}`);
    const lane = page.locator('.lane-name', { hasText: 'pixel-8' });
    await lane.getByText('told of the missed call').waitFor();
    await page.getByRole('row').filter({ hasText: 'FCM takes the missed call' }).waitFor();
    expect(await page.locator('main').getByText('told to stop').count()).toBe(0);
  });

  it('that somebody finds from another one shows its own phones', async () => {
    const [carol, dan] = await people('carol', 'dan');
    const { address } = await answered();
    await dan.android({ hardware_id: 'galaxy', app_version: '2.9.0' });
    const { id, cid } = await ring(carol, dan);
    await traced(dan, id, ({ event }) => event === 'push.accepted');
    const page = await openConsole(address);
    await page.locator('.lane-name', { hasText: 'pixel-8' }).waitFor();
    await page.getByLabel('Call id or user id').fill(cid);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Call ${cid}` }).waitFor();
    await page.locator('.lane-name', { hasText: 'app 2.9.0' }).filter({ hasText: 'galaxy' }).waitFor();
    expect(await page.locator('.lane-name', { hasText: 'pixel-8' }).count()).toBe(0);
  });

  it('has no fault that axe finds, in the light and in the dark, and fits a screen of 320 pixels', async () => {
    const { address } = await answered();
    const page = await openConsole(address);
    await expectGoodForAll(page, page.getByRole('table'));
  });
});
