import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { callPath, people, ring, script } from '../../support/people.ts';
import { openConsole } from './open-console.ts';
import { anAnsweredCall, traced } from './scenes.ts';

// The main pages as pictures, for the documentation: `PICTURES=docs/images npx vitest run --project browser phones pictures`.

const { PICTURES: PLACE } = process.env;

const WIDTH = 1100;

const SHORT_IDS = `{
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    text.textContent = (text.textContent === 'alice' ? 'Alice' : text.textContent).replaceAll(/\\b(alice|bob|carol|dan|call)-[0-9a-f]{8}\\b/g, '$1');
  for (const input of document.querySelectorAll('input')) input.value = input.value.replace(/-[0-9a-f]{8}$/, '');
}`;

async function picture(page: Page, name: string, until = 'main'): Promise<void> {
  // Ids that were made for this test are no names that people have.
  await page.evaluate(SHORT_IDS);
  const box = await page.locator(until).boundingBox();
  const clip = { x: 0, y: 0, width: WIDTH, height: Math.ceil((box?.y ?? 0) + (box?.height ?? 0)) + 16 };
  const png = await page.screenshot({ fullPage: true, clip });
  expect(png.length).toBeGreaterThan(10_000);
  if (PLACE === undefined) return;
  mkdirSync(PLACE, { recursive: true });
  writeFileSync(`${PLACE}/console-${name}.png`, png);
}

/** Long enough to be seen in the picture. */
const aWhile = () => new Promise<void>((resolve) => setTimeout(resolve, 1200));

describe('the pictures of the documentation', () => {
  it('show a call, the calls of a user, and the user', async () => {
    const [alice, bob, carol, dan] = await people('alice', 'bob', 'carol', 'dan');
    const id = await anAnsweredCall(alice, bob, aWhile);
    const call = await openConsole(`/console/calls/default/${id}`, { width: WIDTH });
    await call.getByText('told to stop').first().waitFor();
    await picture(call, 'call', 'figure.picture');
    await script(await carol.iphone({ hardware_id: 'iphone-se', app_version: '2.9.0' }), {
      status: 400,
      reason: 'DeviceTokenNotForTopic',
    });
    await script(await dan.android({ hardware_id: 'galaxy' }), { status: 404, reason: 'UNREGISTERED' });
    await alice.post(callPath(id, '/mark_ended'));
    for (const callee of [carol, dan]) {
      const vain = await ring(alice, callee);
      await traced(callee, vain.id, ({ event }) => event === 'push.failed');
      await alice.post(callPath(vain.id, '/mark_ended'));
    }
    const calls = await openConsole(`/console/?user=${alice.id}`, { width: WIDTH });
    await expect.poll(() => calls.locator('.calls li').count()).toBe(3);
    await picture(calls, 'calls');
    const user = await openConsole(`/console/users/${carol.id}`, { width: WIDTH, scheme: 'dark' });
    await user.getByText('failing since').waitFor();
    await picture(user, 'user');
  });
});
