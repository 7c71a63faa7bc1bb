import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { listening, run } from '#test/support/program.ts';

const cache = mkdtempSync(join(tmpdir(), 'carillon-audit-'));
const server = createServer();
let registry: string;
beforeEach(async () => {
  server.removeAllListeners('request');
  registry ??= await listening(server);
});
afterAll(() => {
  server.close();
  rmSync(cache, { recursive: true });
});

/** From now on the registry knows these packages to be vulnerable. */
function knows(vulnerable: ReadonlyMap<string, string>): void {
  server.on('request', async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.method !== 'POST')
      return response.end(JSON.stringify({ name: String(request.url).slice(1), versions: {} }));
    const asked = Object.keys(Object(await json(request.pipe(createGunzip()))));
    const found = asked.flatMap((name, id) => {
      const severity = vulnerable.get(name);
      const advisory = { id, url: `https://advisories.example/${id}`, title: 'A fault', severity };
      return severity ? [[name, [{ ...advisory, vulnerable_versions: '*' }]]] : [];
    });
    return response.end(JSON.stringify(Object.fromEntries(found)));
  });
}

const npm = (script: string) => run('npm', ['run', script], { npm_config_registry: registry, npm_config_cache: cache });

it.each([
  ['audit', 'node_modules/uuid', 'node_modules/vite'],
  ['check:audit', 'uuid has a known vulnerability (high)', 'vite'],
])('%s fails on a vulnerable package that is deployed, and on no other', async (script, named, other) => {
  const vulnerable = new Map([
    ['uuid', 'high'],
    ['zod', 'moderate'],
    ['vite', 'critical'],
  ]);
  knows(vulnerable);
  const failed = await npm(script);
  expect(failed.code).toBe(1);
  expect(failed.output).toContain(named);
  expect(failed.output).not.toContain(other);

  vulnerable.delete('uuid');
  expect(await npm(script)).toMatchObject({ code: 0 });
});

it('a registry that cannot be asked is named by the check, and fails the audit', async () => {
  server.on('request', (_, response) => response.writeHead(405).end());
  const [checked, audited] = [await npm('check:audit'), await npm('audit')];
  expect(checked.code).toBe(0);
  expect(checked.output).toContain('could not be asked for known vulnerabilities: 405 Method Not Allowed');
  expect(audited.code).toBe(1);
});
