import { expect, it } from 'vitest';
import { readSettings } from '#local/settings.ts';

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
