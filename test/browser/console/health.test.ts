import { describe, expect, it } from 'vitest';
import { people, ring, script } from '../../support/people.ts';
import { expectAccessible, expectNoSidewaysScroll, openConsole } from './open-console.ts';
import { traced } from './scenes.ts';

describe('the page of the stage’s health', () => {
  it('says how pushes fare and how fast they leave, in words and as charts, and where else to look', async () => {
    const [alice, bob] = await people('alice', 'bob');
    await script(await bob.android(), { status: 400, reason: 'INVALID_ARGUMENT' });
    await bob.iphone();
    const { id } = await ring(alice, bob);
    await traced(bob, id, ({ event }) => event === 'push.failed');
    await traced(bob, id, ({ event }) => event === 'push.accepted');
    const page = await openConsole('/console/health');
    await page.getByText(/^Carillon \d+\.\d+\.\d+, stage \w+ in [\w-]+, answers in \d+ ms$/).waitFor();
    await page.getByText(/FCM took \d+ of \d+ pushes/).waitFor();
    await page.getByText(/Half of the rings reached a push service within/).waitFor();
    await page.getByText('As a table').first().click();
    await page.getByRole('columnheader', { name: 'Refused' }).waitFor();
    await page.getByRole('link', { name: 'Dashboard' }).waitFor();
    await expectAccessible(page);
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

  it('has no fault that axe finds in the dark, and fits 320 pixels', async () => {
    const page = await openConsole('/console/health', { scheme: 'dark', width: 320 });
    await page.getByText('What this page cannot see').waitFor();
    await page.locator('.finding').first().waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
});
