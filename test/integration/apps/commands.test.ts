import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listening, run, start } from '../../support/program.ts';

it('the demo plays a call to its end, and names the phones to play one with', async () => {
  const { code, output } = await run(process.execPath, ['tools/demo.ts'], { PORT: '0' });
  expect(output).toMatch(/^The call worked\. .*npm run phones$/m);
  expect(code).toBe(0);
});

it('the phones open in the browser of this machine', async () => {
  const server = createServer((_, response) => response.end());
  const address = await listening(server);
  const folder = mkdtempSync(join(tmpdir(), 'opener-'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  // What systems open an address with, by their names for it.
  const opener = `#!${process.execPath}\nfetch('${address}', { headers: { opened: process.argv[2] } });\n`;
  for (const name of ['open', 'xdg-open']) writeFileSync(join(folder, name), opener, { mode: 0o755 });
  const opened = once(server, 'request');
  const env = { PORT: '0', PATH: `${folder}:${process.env['PATH']}` };
  const phones = start(process.execPath, ['local/cli.ts', '--phones'], env);
  const [request] = await opened;
  const page = String(request.headers.opened);
  expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console\/phones$/);
  expect((await fetch(page)).status).toBe(200);
  phones.process.kill('SIGTERM');
  expect(await phones.ended).toMatchObject({ code: 0, output: expect.stringContaining(`${page} to play a call`) });
});
