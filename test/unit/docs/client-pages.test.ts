import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { STOP_REASON } from '#domain/call/effects.ts';
import { type ErrorCode, ServiceError } from '#domain/errors.ts';
import { problemReply } from '#kit/http/problem.ts';
import { clientPage, clientPages, codeIn, quoted } from '#test/support/client-pages.ts';
import { EVENT_TYPES, isOurName } from '#test/support/wire-names.ts';
import { nativePush } from '#wire/push/native/payload.ts';
import { callUuid } from '#wire/views.ts';
import { aPush } from '../../support/builders.ts';

const ring = nativePush(aPush(), 'bob');
const pictured = nativePush(aPush({ caller: { id: 'alice', image: 'https://pictures.example/a' } }), 'bob');
const stop = nativePush(aPush({ kind: 'stop', type: 'call.missed' }), 'bob');

const rules = clientPage('rules.md');

/** The rows of the table in the rules whose first heading is `heading`: their cells. */
const rows = (heading: string): string[][] => {
  const [, table = ''] = rules.prose.split(new RegExp(String.raw`^\| ${heading} .*\n\| -.*\n`, 'm'));
  return (table.split('\n\n')[0] ?? '').split('\n').map((row) => row.split('|').slice(1, -1));
};

const namesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

describe.each(clientPages())('docs/clients/$name', (page) => {
  it('has JavaScript and JSON that parse', () => {
    expect(() => transformSync(codeIn(page, 'js'), { loader: 'js', format: 'esm' })).not.toThrow();
    for (const { language, code } of page.blocks) if (language === 'json') JSON.parse(code);
  });

  it('names events, keys and fields as the wire has them', () => {
    const literals = page.blocks.flatMap(({ code }) => code.match(/(?<=["'])[^"'\n]+(?=["'])/g) ?? []);
    const names = [...quoted(page), ...literals];
    const events = names.filter((name) => /^(call|user|sdp|ice)\.[a-z_]+$/.test(name));
    const fields = names.filter((name) => /^[a-z]+(_[a-z]+)+$/.test(name));
    expect([...events.filter((name) => !EVENT_TYPES.has(name)), ...fields.filter((name) => !isOurName(name))]).toEqual(
      [],
    );
  });

  it('gives each error code its status', () => {
    const codes = quoted(page).flatMap((text) => {
      const [, status, code] = /^(\d{3}) ([a-z_]+)$/.exec(text) ?? [];
      return code === undefined ? [] : [[code, Number(status)]];
    });
    const statusOf = (code: unknown) => problemReply(new ServiceError(code as ErrorCode, '')).statusCode;
    expect(codes.map(([code]) => [code, statusOf(code)])).toEqual(codes);
  });
});

it('the README shows the example for the web as it is', () => {
  expect(readFileSync('README.md', 'utf8')).toContain(readFileSync('examples/web/call.ts', 'utf8'));
});

describe('the rules for app developers', () => {
  it('list the keys of a push, all of them', () => {
    const listed = rows('key').flatMap(([keys]) => namesIn(keys));
    expect(listed.toSorted()).toEqual([...new Set(Object.keys({ ...pictured, ...stop }))].toSorted());
  });

  it('list every stop with its reason, and know what a mere notice lacks', () => {
    const listed = rows('type').map(([type, reason]) => [namesIn(type)[0], namesIn(reason)[0]]);
    expect(Object.fromEntries(listed)).toEqual(STOP_REASON);
    expect(nativePush(aPush({ kind: 'missed' }), 'bob')).not.toHaveProperty('reason');
  });

  it('show a ring as it is sent', () => {
    const shown = JSON.parse(codeIn(rules, 'json'));
    expect(Object.keys(shown)).toEqual(Object.keys(ring));
    expect(shown.call_uuid).toBe(callUuid(shown.call_cid));
  });
});
