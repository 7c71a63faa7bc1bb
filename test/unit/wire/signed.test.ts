import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signed } from '#wire/webhook/signed.ts';

const secret = (): string => `whsec_${randomBytes(24).toString('base64')}`;
const BODY = '{"type":"call.ended"}';
const message = () => ({ id: 'evt_1', timestamp: Math.floor(Date.now() / 1000), body: BODY });

describe('a signed message', () => {
  it('is verified by the package of Standard Webhooks', () => {
    const [own, other] = [secret(), secret()];
    const headers = signed([own], message());
    expect(new Webhook(own).verify(BODY, headers)).toEqual({ type: 'call.ended' });
    expect(() => new Webhook(other).verify(BODY, headers)).toThrow();
    expect(() => new Webhook(own).verify(`${BODY} `, headers)).toThrow();
    expect(() => new Webhook(own).verify(BODY, { ...headers, 'webhook-id': 'evt_2' })).toThrow();
  });

  it('is verified by either secret while these rotate', () => {
    const [next, last] = [secret(), secret()];
    const headers = signed([next, last], message());
    for (const each of [next, last]) expect(new Webhook(each).verify(BODY, headers)).toBeDefined();
  });
});
