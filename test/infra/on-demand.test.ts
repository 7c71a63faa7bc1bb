import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '#infra/constructs/bundle.ts';

// What an operator may choose, or a rare request needs, is beside the function, and loaded by nobody else.

describe.each([
  {
    entry: 'functions/queue/ring.ts',
    libraries: ['firebase-admin', '@parse/node-apn', 'google-auth-library'],
    exports: [['openNodeApn'], ['openFirebase'], ['tokenOfExternalAccount', 'tokenOfServiceAccount']],
  },
  { entry: 'functions/http/index.ts', libraries: ['agora-token'], exports: [['rtcToken']] },
])('$entry', ({ entry, libraries, exports }) => {
  let directory: string;
  let inputs: string[];
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'carillon-bundle-'));
    inputs = Object.keys(bundle(entry, join(directory, 'index.mjs')).inputs);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('has no byte of its libraries in the bundle, which imports them only by import()', () => {
    expect(inputs.filter((path) => libraries.some((name) => path.includes(`node_modules/${name}/`)))).toEqual([]);
    const text = readFileSync(join(directory, 'index.mjs'), 'utf8');
    expect(text.match(/[^(]"#adapters\/[^"]+"/g)).toBeNull();
    expect(text.match(/import\("#adapters\/[^"]+"\)/g)).not.toBeNull();
  });

  it('loads none of their files when it starts, and each of them on demand', () => {
    const probe = join(directory, 'probe.mjs');
    writeFileSync(
      probe,
      `import { registerHooks } from 'node:module';
       const loaded = [];
       registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
       await import('./index.mjs');
       const early = loaded.filter((url) => url.includes('/on-demand/'));
       const names = Object.keys(JSON.parse(process.argv[2]).imports);
       const exported = await Promise.all(names.map(async (name) => Object.keys(await import(name))));
       console.log(JSON.stringify({ early, exported }));
       process.exit();`,
    );
    const manifest = readFileSync(join(directory, 'package.json'), 'utf8');
    const { early, exported } = JSON.parse(execFileSync(process.execPath, [probe, manifest], { encoding: 'utf8' }));
    expect(early).toEqual([]);
    expect(exported).toEqual(exports);
  });
});

it('puts no such files beside other functions', () => {
  const other = mkdtempSync(join(tmpdir(), 'carillon-bundle-'));
  bundle('functions/queue/webhook.ts', join(other, 'index.mjs'));
  expect(readdirSync(other).toSorted()).toEqual(['index.mjs', 'index.mjs.map']);
  rmSync(other, { recursive: true });
});
