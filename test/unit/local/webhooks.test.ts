import { expect, it } from 'vitest';
import { reachable } from '#adapters/outgoing/networks.ts';
import { webhookBook } from '#adapters/webhooks/webhook-book.ts';
import { readSettings } from '#local/settings.ts';
import { EVENT_TYPES } from '#local/webhooks.ts';
import { reportEvents } from '#wire/report/events.ts';

const refused = (...entries: unknown[]) => readSettings({ CARILLON_WEBHOOKS: JSON.stringify(entries) }).refusedWebhooks;
const secret = 'whsec_c2VjcmV0';

it('names the webhooks that are never called, and starts all the same', () => {
  expect(
    refused({ url: 'https://api.example.com', secret }, { url: 'https://127.0.0.1:1/', secret: [secret, secret] }),
  ).toEqual([]);
  expect(refused({ url: 'http://api.example.com', secret })).toEqual([
    'Webhook 1 is refused and never called: url must be an https address.',
  ]);
  for (const host of ['10.0.0.1', '169.254.169.254', '192.168.1.1', '[fe80::1]', '[fd00::1]'])
    expect(refused({ url: 'https://a.example', secret }, { url: `https://${host}/hook?token=x`, secret })).toEqual([
      'Webhook 2 is refused and never called: url is not on the public internet.',
    ]);
  expect(refused({ url: 'https://a.example' })[0]).toContain('secret');
});

it('does not start with what is no list', () => {
  expect(() => readSettings({ CARILLON_WEBHOOKS: '{}' })).toThrow('CARILLON_WEBHOOKS');
});

const url = 'https://a.example';
const ENTRIES: readonly (readonly [name: string, entry: object, isRefused: boolean])[] = [
  ['a public one', { url, secret }, false],
  ['one on this machine', { url: 'https://127.0.0.1:1/', secret }, false],
  ['this machine, mapped into IPv6', { url: 'https://[::ffff:127.0.0.1]/', secret }, false],
  ['a private address, mapped into IPv6', { url: 'https://[::ffff:10.0.0.1]/', secret }, true],
  ['the metadata address, mapped into IPv6', { url: 'https://[::ffff:a9fe:a9fe]/', secret }, true],
  ['a private address behind a translator', { url: 'https://[64:ff9b::a00:1]/', secret }, true],
  ['a private address written as a number', { url: 'https://167772161/', secret }, true],
  ['no https', { url: 'http://a.example', secret }, true],
  ['an unknown event', { url, secret, events: ['call.over'] }, true],
  ['no event at all', { url, secret, events: [] }, true],
  ['known events', { url, secret, events: ['call.ended', 'device.removed'] }, false],
  ['a secret without whsec_', { url, secret: 'c2VjcmV0' }, true],
  ['a secret that is no Base64', { url, secret: 'whsec_not a key!' }, true],
  ['a secret that is cut off', { url, secret: 'whsec_c2Vjc' }, true],
  ['two secrets, one of them without whsec_', { url, secret: [secret, 'c2VjcmV0'] }, true],
  ['two secrets in one text', { url, secret: `${secret} ${secret}` }, false],
  ['three secrets', { url, secret: [secret, secret, secret] }, true],
];

it.each(ENTRIES)('judges %s as the functions do', async (_, entry, isRefused) => {
  expect(refused(entry).length > 0).toBe(isRefused);
  const faults: string[] = [];
  const book = webhookBook({
    read: async () => JSON.stringify([entry]),
    mayReach: reachable(['127.0.0.0/8', '::1/128']),
    onFault: (fault) => faults.push(fault),
  });
  expect(await book.all()).toHaveLength(isRefused ? 0 : 1);
  const problemIn = (line = ''): string => line.replace(/^.*?: /, '').replace(/\.$/, '');
  expect(problemIn(refused(entry)[0])).toBe(problemIn(faults[0]));
});

it('knows every event', () => {
  expect([...EVENT_TYPES].toSorted()).toEqual(Object.keys(reportEvents).toSorted());
});
