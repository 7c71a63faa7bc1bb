import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { build } from 'esbuild';
import { expect, inject, it } from 'vitest';
import { unique } from '../support/people.ts';
import { listening } from '../support/program.ts';
import { newPage } from './pages.ts';

const EXAMPLE = 'examples/web';

it('a video call takes at most 40 lines of app code, for the caller and the callee together', () => {
  const lines = readFileSync(`${EXAMPLE}/call.ts`, 'utf8').split('\n');
  expect(lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length).toBeLessThanOrEqual(40);
});

it('the example calls: one rings, one answers, both see moving pictures, and both hear of the end', async () => {
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
  const origin = await listening(server);
  const [alice, bob] = [unique('alice'), unique('bob')];
  const [hers, his] = [await newPage(`${origin}/?me=${alice}`), await newPage(`${origin}/?me=${bob}`)];
  for (const page of [hers, his]) await page.getByText('connected').waitFor();
  await hers.locator('#callee').fill(bob);
  await hers.locator('#ring').click();
  await his.getByText(`${alice} calls`).waitFor();
  await his.locator('#answer').click();
  for (const page of [hers, his]) {
    await page.waitForFunction("document.querySelector('#theirs').getVideoPlaybackQuality().totalVideoFrames > 10");
  }
  await his.locator('#hang-up').click();
  for (const page of [hers, his]) await page.getByText('completed').waitFor();
  server.close();
});
