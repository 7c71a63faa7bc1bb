import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { buildConsole } from '#infra/constructs/console-build.ts';
import { people, ring, script } from '../../support/people.ts';
import { run } from '../../support/program.ts';
import { expectAccessible, expectNoSidewaysScroll, focused, openConsole, tabTo } from './open-console.ts';
import { traced } from './scenes.ts';

const directory = mkdtempSync(join(tmpdir(), 'carillon-console-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The console in the build of deployed stages, with the API and the file of the stage that the stack has. */
async function asDeployed(page: Page): Promise<void> {
  buildConsole(directory, { phones: false });
  await page.route(/\/console\/(?!stage\.json)/, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/console/', '');
    return route.fulfill({ path: join(directory, /\.\w+$/.test(path) ? path : 'index.html') });
  });
}

/** A push token that nobody has: what the doctor pushes to. */
const NOBODYS_TOKEN = '0'.repeat(64);

describe('the page of the stage’s health', () => {
  it('says what the doctor found, how pushes fare and how fast they leave, in words and as charts', async () => {
    const [alice, bob] = await people('alice', 'bob');
    await script(await bob.android(), { status: 400, reason: 'INVALID_ARGUMENT' });
    await bob.iphone();
    const { id } = await ring(alice, bob);
    await traced(bob, id, ({ event }) => event === 'push.failed');
    await traced(bob, id, ({ event }) => event === 'push.accepted');
    // The calls of other tests are none of this one's.
    const page = await openConsole('/console/health', {
      routes: (opened) =>
        opened.route('**/api/v2/calls?*', (route) =>
          route.continue({ url: `${route.request().url()}&user_id=${bob.id}` }),
        ),
    });
    await page.getByText(/^Carillon \d+\.\d+\.\d+, the local stack, answers in \d+ ms$/).waitFor();
    await page.getByText('FCM took 0 of 1 pushes; the others mostly failed with 400 INVALID_ARGUMENT.').waitFor();
    await page.getByText('APNs took 1 of 1 pushes.').waitFor();
    await page.getByText(/Half of the rings reached a push service within/).waitFor();
    await page.getByText('As a table').first().click();
    await page.getByRole('columnheader', { name: 'Refused' }).waitFor();
    await page.getByText('As a table').last().click();
    await page.getByRole('columnheader', { name: 'Taken after' }).waitFor();
    await page.getByText('Nobody has run it so far. From the repository, it checks').waitFor();
    await script(NOBODYS_TOKEN, { status: 200, environment: 'production' });
    const args = ['tools/doctor.ts', '--url', inject('stackUrl'), '--name', '<b>Olga</b>'];
    expect((await run(process.execPath, args)).code).toBe(1);
    await page.reload();
    await page
      .getByText(/^Checked on .*\d{4}.* by <b>Olga<\/b> \(.+\)\. To check again: npm run doctor -- --url /)
      .waitFor();
    const found = page.locator('.findings').first();
    const fault = /^ Fix apn default, production: accepted a push for a token that does not exist/;
    await found.locator('li:first-child').filter({ hasText: fault }).waitFor();
    await found
      .getByRole('listitem')
      .filter({ hasText: /^ OK stack: answers at http/ })
      .waitFor();
    await page.getByText('As a table').first().waitFor();
    await expectAccessible(page);
  });

  it('is used by the keyboard alone', async () => {
    const [alice, bob] = await people('alice', 'bob');
    await bob.android();
    const { id } = await ring(alice, bob);
    await traced(bob, id, ({ event }) => event === 'push.accepted');
    const page = await openConsole('/console/health');
    await tabTo(page, page.getByRole('button', { name: 'Look again' }));
    await page.keyboard.press('Enter');
    for (const chart of await page.locator('figure').all()) {
      await tabTo(page, chart.locator('summary'));
      await page.keyboard.press('Enter');
      await chart.getByRole('table').waitFor();
      expect(await focused(page)).toBe('As a table');
    }
    await tabTo(page, page.getByRole('link', { name: 'queues' }));
  });

  it('names the tools and places of the local stack there, and those of the stage where it is deployed', async () => {
    const local = await openConsole('/console/health');
    await local.getByText(`npm run doctor -- --url ${inject('stackUrl')}`).waitFor();
    expect(await local.getByText(/--stage|AWS|runbook|us-east/).count()).toBe(0);
    const deployed = await openConsole('/console/health', { routes: asDeployed });
    await deployed.getByText('npm run doctor -- --stage test').waitFor();
    await deployed.getByText(/, stage test in us-east-1, answers in/).waitFor();
    const dashboard = deployed.getByRole('link', { name: 'Dashboard' });
    expect(await dashboard.getAttribute('href')).toMatch(/^https:\/\/us-east-1\.console\.aws\.amazon\.com\//);
    const runbook = await deployed.getByRole('link', { name: 'Runbook' }).getAttribute('href');
    expect(await (await fetch(`${inject('stackUrl')}${runbook}`)).text()).toMatch(/^# Runbook/);
    await deployed.getByRole('button', { name: 'Sign out Olga' }).click();
    await deployed.getByText('npm run console -- --stage test').waitFor();
  });

  it('reads the trace of a live call at each look, and that of one that ended long ago but once', async () => {
    const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const aCall = (id: string, end: object) => ({
      call: { cid: `default:${id}`, created_at: minutesAgo(30), ...end },
      members: [],
      verdicts: [],
    });
    const calls = [
      aCall('live', {}),
      aCall('fresh', { ended_at: minutesAgo(1) }),
      aCall('old', { ended_at: minutesAgo(20) }),
    ];
    const reads: string[] = [];
    const page = await openConsole('/console/health', {
      routes: async (opened) => {
        await opened.route('**/api/v2/calls?*', (route) => route.fulfill({ json: { calls } }));
        await opened.route('**/api/v2/video/call/default/*/trace', (route) => {
          reads.push(new URL(route.request().url()).pathname.split('/').at(-2) ?? '');
          return route.fulfill({ json: { verdict: '', verdicts: [], trace: [] } });
        });
      },
    });
    await page.getByText('All 3 calls of the last 24 hours.').waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.poll(() => reads.toSorted()).toEqual(['fresh', 'fresh', 'live', 'live', 'old']);
  });

  it('says how old it is and what to fix first, as it was written, without a fault that axe finds in the dark, at 320 pixels', async () => {
    const findings = [
      { state: 'good', about: 'stack', says: 'answers' },
      { state: 'note', about: 'clock', says: 'not checked' },
      { state: 'fix', about: 'account', says: `ask <img src=x> for ${'more'.repeat(100)}` },
    ];
    const json = { findings, at: new Date(Date.now() - 3 * 86_400_000).toISOString() };
    const page = await openConsole('/console/health', {
      scheme: 'dark',
      width: 320,
      routes: (opened) => opened.route('**/api/v2/doctor', (route) => route.fulfill({ json })),
    });
    await page.getByText(/^Checked on .*\d{4}.* \(3 days ago\)\. To check again/).waitFor();
    const said = await page.locator('.findings').first().getByRole('listitem').allInnerTexts();
    expect(said.map((one) => one.trim())).toEqual([
      `Fix account: ask <img src=x> for ${'more'.repeat(100)}`,
      'Note clock: not checked',
      'OK stack: answers',
    ]);
    await page.getByText('What this page cannot see').waitFor();
    await page.locator('.findings').nth(1).locator('.finding').first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
});
