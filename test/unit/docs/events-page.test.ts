import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { PAUSES_MS } from '#usecases/reports/deliver-webhook.ts';
import { record, reportEvents } from '#wire/report/events.ts';
import { signed } from '#wire/webhook/signed.ts';
import { backendEventTexts } from '../../../tools/protocol/backend/events.ts';

const page = readFileSync('docs/events.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
  language,
  code,
}));
const codeIn = (language: string): string[] =>
  blocks.filter((block) => block.language === language).map(({ code }) => code);

describe('docs/events.md', () => {
  it('names every event, and shows a record as it is', () => {
    for (const type of Object.keys(reportEvents)) expect(page).toContain(`| \`${type}\``);
    const [event] = codeIn('json').map((code) => JSON.parse(code));
    expect(record.safeParse(event.record).error).toBeUndefined();
    expect(event).toMatchObject({ type: 'call.ended', reason: event.record.ended_reason });
  });

  it('has code that verifies a webhook', async () => {
    const [code = ''] = codeIn('ts');
    mkdirSync('.cache', { recursive: true });
    writeFileSync('.cache/verified.mjs', transformSync(code, { loader: 'ts', format: 'esm' }).code);
    const { verified } = await import(pathToFileURL('.cache/verified.mjs').href);
    const body = '{"type":"call.ended"}';
    const secret = 'whsec_c2VjcmV0';
    const headers = signed([secret], { id: 'evt_1', timestamp: Math.floor(Date.now() / 1000), body });
    expect(verified(body, headers, secret)).toEqual({ type: 'call.ended' });
    expect(() => verified(`${body} `, headers, secret)).toThrow();
  });

  it('says when a webhook is tried again', () => {
    expect(PAUSES_MS.map((ms) => ms / 1000)).toEqual([5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800]);
    expect(page).toContain('after 5 s, 30 s, 2, 10 and 30 minutes, 1, 2, 4 and 8 hours');
  });
});

describe('an example of an event for the backend', () => {
  it.each(Object.entries(backendEventTexts))('%s fits its schema', (type, { example }) => {
    expect(new Map(Object.entries(reportEvents)).get(type)?.safeParse(example).error).toBeUndefined();
  });
});
