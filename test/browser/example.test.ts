import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { expect, inject, it, onTestFinished } from 'vitest';
import { rest, tokenWith, unique } from '../support/people.ts';
import { listening } from '../support/program.ts';
import { newPage } from './pages.ts';

const EXAMPLE = 'examples/web';

it('a video call takes at most 40 lines of app code, for the caller and the callee together', () => {
  const lines = readFileSync(`${EXAMPLE}/call.ts`, 'utf8').split('\n');
  expect(lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length).toBeLessThanOrEqual(40);
});

/** A page of an example for each of these users, who are connected. */
async function pagesOf(example: string, users: readonly string[]): Promise<Page[]> {
  // The package as it is installed, and the stack of this test.
  const { outputFiles } = await build({
    entryPoints: [`${example}/call.ts`],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const script = outputFiles[0]?.text.replaceAll('http://127.0.0.1:8181', inject('stackUrl')) ?? '';
  const server = createServer(({ url }, response) => {
    if (url === '/out/call.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end(readFileSync(`${example}/index.html`));
  });
  onTestFinished(() => void server.close());
  const origin = await listening(server);
  const pages = await Promise.all(users.map((user) => newPage(`${origin}/?me=${user}`)));
  await Promise.all(pages.map((page) => page.getByText('connected').waitFor()));
  return pages;
}

/** Two users, and the pages of the example on which they are connected. */
async function two(): Promise<readonly [hers: Page, his: Page, alice: string, bob: string]> {
  const [alice, bob] = [unique('alice'), unique('bob')];
  const [hers, his] = await pagesOf(EXAMPLE, [alice, bob]);
  if (!hers || !his) throw new Error('two pages');
  return [hers, his, alice, bob];
}

async function ring(hers: Page, his: Page, alice: string, bob: string): Promise<void> {
  await hers.locator('#callee').fill(bob);
  await hers.locator('#ring').click();
  await his.getByText(`${alice} calls`).waitFor();
}

it('the example calls: one rings, one answers, both see moving pictures, and both hear of the end', async () => {
  const [hers, his, alice, bob] = await two();
  await ring(hers, his, alice, bob);
  await his.locator('#answer').click();
  for (const page of [hers, his]) {
    await page.waitForFunction("document.querySelector('#theirs').getVideoPlaybackQuality().totalVideoFrames > 10");
  }
  await his.locator('#hang-up').click();
  for (const page of [hers, his]) await page.getByText('completed').waitFor();
});

it('a page opens one socket, and a microphone that is refused after the answer ends the call for both', async () => {
  const [hers, his, alice, bob] = await two();
  const token = await tokenWith({ role: 'server' });
  const { body } = await rest().request('GET', `/api/v2/users/${bob}`, { token });
  expect(body.user.connections).toHaveLength(1);
  await his.evaluate('navigator.mediaDevices.getUserMedia = async () => { throw new Error("not allowed"); }');
  await ring(hers, his, alice, bob);
  await his.locator('#answer').click();
  for (const page of [hers, his]) await page.getByText('completed').waitFor();
  await hers.waitForFunction(
    "document.querySelector('#mine').srcObject.getTracks().every((one) => one.readyState === 'ended')",
  );
});

it('the example of a group shows everybody to everybody, four of them, and goes on when one leaves', async () => {
  const users = ['alice', 'bob', 'carol', 'dave'].map((name) => unique(name));
  const [hers, ...others] = await pagesOf('examples/web-group', users);
  const everybody = [...(hers ? [hers] : []), ...others];
  const showing = (page: Page, many: number): Promise<unknown> =>
    page.waitForFunction(
      `[...document.querySelectorAll('video')].filter((one) => one.getVideoPlaybackQuality().totalVideoFrames > 5).length === ${many}`,
    );
  await hers?.locator('#callees').fill(users.slice(1, 3).join(' '));
  await hers?.locator('#ring').click();
  for (const page of others.slice(0, 2)) {
    await page.getByText(`${users[0]} calls`).waitFor();
    await page.locator('#answer').click();
  }
  await Promise.all(everybody.slice(0, 3).map((page) => showing(page, 3)));
  // Whoever is added while the others talk joins them.
  await hers?.locator('#callees').fill(users[3] ?? '');
  await hers?.locator('#add').click();
  await others[2]?.getByText(`${users[0]} calls`).waitFor();
  await others[2]?.locator('#answer').click();
  await Promise.all(everybody.map((page) => showing(page, 4)));
  await others[0]?.locator('#hang-up').click();
  await Promise.all(everybody.filter((page) => page !== others[0]).map((page) => showing(page, 3)));
});
