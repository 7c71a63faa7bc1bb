import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { buildConsole } from '#infra/constructs/console-build.ts';

/** All that a browser loads, compressed as CloudFront does it at least. */
const LIMIT_KB = 150;

const directory = mkdtempSync(join(tmpdir(), 'carillon-console-'));
afterAll(() => rmSync(directory, { recursive: true }));
buildConsole(directory, { phones: false });
const files = readdirSync(directory, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
const read = (file: string): string => readFileSync(join(directory, file), 'utf8');

describe('the console, as it is built', () => {
  it(`is at most ${LIMIT_KB} kB`, () => {
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(directory, file))).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes / 1000).toBeLessThanOrEqual(LIMIT_KB);
  });

  it('has a hash in the name of every script and style', () => {
    const built = files.filter((file) => /\.(js|css)$/.test(file));
    expect(built.length).toBeGreaterThanOrEqual(2);
    for (const file of built) expect(file).toMatch(/^assets\/[\w-]+-[\w-]{8}\.(js|css)$/);
  });

  it('has no script and no style within its page, and names nothing elsewhere', () => {
    const page = read('index.html');
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|style=/);
    for (const [, address = ''] of page.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).toMatch(/^\/console\//);
    for (const file of files.filter((each) => each.endsWith('.css'))) {
      expect(read(file)).not.toMatch(/url\((?!"data:)|@import/);
    }
  });
});
