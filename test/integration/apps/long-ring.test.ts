import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  arrives,
  dial,
  iphone,
  offer,
  pushed,
  startApp,
  trickle,
  two,
} from '../../support/apps.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const LONG = { settings_override: { ring: { auto_cancel_timeout_ms: 180_000 } } };

/** Signals are kept for two minutes at least: this is later. */
const LATE_MS = 125_000;

describe('a ring of three minutes', () => {
  it('can be delivered until its deadline', async () => {
    const [alice, bob] = await two();
    const [pixel, apple] = [await android(bob), await iphone(bob)];
    const { answer } = await dial(await startApp(alice), bob, LONG);
    const { ring_started_at, ring_expires_at } = Object(answer['call']);
    expect(Date.parse(ring_expires_at) - Date.parse(ring_started_at)).toBe(180_000);
    const viaFcm = await pushed(pixel, 'call.ring');
    const ttl = Number.parseInt(viaFcm.body.message.android.ttl, 10);
    expect(ttl).toBeGreaterThanOrEqual(Math.floor((Date.parse(ring_expires_at) - Date.now()) / 1000));
    expect(ttl).toBeLessThanOrEqual(180);
    const viaApns = await pushed(apple, 'call.ring');
    expect(viaApns.headers['apns-expiration']).toBe(String(Math.floor(Date.parse(ring_expires_at) / 1000)));
  });

  // It takes more than two minutes: only with LONG_RING=1.
  it.runIf(process.env['LONG_RING'])(
    'keeps the offer and the candidates for a phone that wakes after more than two minutes',
    async () => {
      const [alice, bob] = await two();
      const hers = await startApp(alice);
      const sent = offer();
      const { cid } = await dial(hers, bob, { ...LONG, offer: sent });
      const first = await trickle(hers, cid, 'first');
      await setTimeout(LATE_MS);
      const his = await startApp(bob);
      await his.next('call.ring');
      expect(await his.next('sdp.offer')).toMatchObject({ sdp: sent.sdp });
      await arrives(his, first);
    },
    LATE_MS + APP_TEST_MS,
  );
});
