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

/** A page of the example each for two users who are connected. */
async function pages(): Promise<readonly [hers: Page, his: Page, alice: string, bob: string]> {
  // The package as it is installed, and the stack of this test.
  const { outputFiles } = await build({
    entryPoints: [`${EXAMPLE}/call.ts`],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const script = outputFiles[0]?.text.replaceAll('http://127.0.0.1:8181', inject('stackUrl')) ?? '';
  const server = createServer(({ url }, response) => {
    if (url === '/out/call.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end(readFileSync(`${EXAMPLE}/index.html`));
  });
  onTestFinished(() => void server.close());
  const origin = await listening(server);
  const [alice, bob] = [unique('alice'), unique('bob')];
  const [hers, his] = [await newPage(`${origin}/?me=${alice}`), await newPage(`${origin}/?me=${bob}`)];
  for (const page of [hers, his]) await page.getByText('connected').waitFor();
  return [hers, his, alice, bob];
}

async function ring(hers: Page, his: Page, alice: string, bob: string): Promise<void> {
  await hers.locator('#callee').fill(bob);
  await hers.locator('#ring').click();
  await his.getByText(`${alice} calls`).waitFor();
}

it('the example calls: one rings, one answers, both see moving pictures, and both hear of the end', async () => {
  const [hers, his, alice, bob] = await pages();
  await ring(hers, his, alice, bob);
  await his.locator('#answer').click();
  for (const page of [hers, his]) {
    await page.waitForFunction("document.querySelector('#theirs').getVideoPlaybackQuality().totalVideoFrames > 10");
  }
  await his.locator('#hang-up').click();
  for (const page of [hers, his]) await page.getByText('completed').waitFor();
});

it('a page opens one socket, and a microphone that is refused after the answer ends the call for both', async () => {
  const [hers, his, alice, bob] = await pages();
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
