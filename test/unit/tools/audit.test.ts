import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { listening, run } from '#test/support/program.ts';

const cache = mkdtempSync(join(tmpdir(), 'carillon-audit-'));
const server = createServer();
afterEach(() => {
  server.close();
  rmSync(cache, { recursive: true });
});

it('fails on a vulnerable package that is deployed, and on no other', async () => {
  const vulnerable = new Map([
    ['uuid', 'high'],
    ['zod', 'moderate'],
    ['vite', 'critical'],
  ]);
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
  const registry = await listening(server);
  const audit = () => run('npm', ['run', 'audit'], { npm_config_registry: registry, npm_config_cache: cache });
  const failed = await audit();
  expect(failed.code).toBe(1);
  expect(failed.output).toContain('node_modules/uuid');
  expect(failed.output).not.toContain('node_modules/vite');

  vulnerable.delete('uuid');
  const passed = await audit();
  expect(passed.output).toContain('node_modules/zod');
  expect(passed.code).toBe(0);
});
