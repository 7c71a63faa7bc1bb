import { describe, expect, it } from 'vitest';
import { inDeliveryOrder } from '#domain/call/signal-order.ts';
import { isOn, noticePlan, ringPlan } from '#domain/push-token/ring-plan.ts';
import { type PushToken, surplus } from '#domain/push-token/token.ts';
import { later } from '#domain/time.ts';
import { aBrowser, anAndroidPhone, anIphone, NOON } from '../../support/builders.ts';

const anAlertToken = (extra = {}) => anIphone({ key: 'alert-key', token: 'alert-token', voip: false, ...extra });
const keys = (devices: readonly { key: string }[]) => devices.map(({ key }) => key).toSorted();

const NONE: ReadonlySet<string> = new Set();

/** The keys of the tokens that ring each handset, in the order in which they are tried. */
const order = (devices: readonly PushToken[], byAlert = NONE) =>
  ringPlan(devices, byAlert).handsets.map((tokens) => tokens.map(({ key }) => key));

describe('who is pushed', () => {
  it('rings PushKit and FCM tokens, never an ordinary APNs token', () => {
    const devices = [anAndroidPhone(), anIphone(), anAlertToken()];
    expect(order(devices)).toEqual([['iphone-key'], ['android-key']]);
    expect(ringPlan(devices, NONE).skip).toMatchObject([{ pushToken: { key: 'alert-key' }, reason: 'not_ringable' }]);
  });
  it('rings ordinary APNs tokens of an app that rings by an alert', () => {
    expect(order([anAlertToken({ providerName: 'extension' })], new Set(['extension']))).toEqual([['alert-key']]);
    expect(order([anAlertToken()], new Set(['extension']))).toEqual([]);
  });
  it('tries the tokens of one handset by kind, and of each kind the freshest first', () => {
    const h = { hardwareId: 'h', providerName: 'extension' };
    const fresh = { ...h, refreshedAt: later(NOON, 1) };
    const devices = [
      aBrowser({ ...h, refreshedAt: later(NOON, 10) }),
      anAlertToken({ ...h, refreshedAt: later(NOON, 9) }),
      anAndroidPhone({ ...h, key: 'old-fcm', refreshedAt: later(NOON, 5) }),
      anAndroidPhone({ ...h, key: 'fresh-fcm', refreshedAt: later(NOON, 6) }),
      anIphone({ ...h, key: 'old-voip' }),
      anIphone({ ...fresh, key: 'fresh-voip' }),
    ];
    expect(order(devices, new Set(['extension']))).toEqual([
      ['fresh-voip', 'old-voip', 'fresh-fcm', 'old-fcm', 'alert-key', 'browser-key'],
    ]);
  });
  it('takes nothing but an APNs token for a PushKit token, whatever the app says', () => {
    const h = { hardwareId: 'h', voip: true };
    expect(order([aBrowser(h), anAndroidPhone(h), anIphone(h)])).toEqual([
      ['iphone-key', 'android-key', 'browser-key'],
    ]);
    expect(keys(noticePlan([aBrowser(h)], new Set()))).toEqual(['browser-key']);
  });
});

describe('who is told of a missed call', () => {
  it('leaves out the phones whose stop message says so', () => {
    expect(keys(noticePlan([anAndroidPhone(), anAlertToken()], new Set(['android-key'])))).toEqual(['alert-key']);
  });
  it('tells phones that did not ring, one device a handset, and no PushKit token', () => {
    const devices = [anAndroidPhone({ hardwareId: 'h' }), anAlertToken({ hardwareId: 'h' }), anIphone()];
    expect(keys(noticePlan(devices, new Set()))).toEqual(['alert-key']);
    expect(keys(noticePlan([anAndroidPhone()], new Set()))).toEqual(['android-key']);
  });
});

it('knows a device by its handset or by the token that it was sent', () => {
  expect(isOn(anAndroidPhone({ hardwareId: 'h' }), { tokenFingerprint: 'x', hardwareId: 'h' })).toBe(true);
  expect(isOn(anAndroidPhone(), { tokenFingerprint: 'device:android-key' })).toBe(true);
  expect(isOn(anAndroidPhone(), { tokenFingerprint: 'x' })).toBe(false);
});

it('lets the least recently refreshed device go past twenty-five', () => {
  const devices = Array.from({ length: 27 }, (_, i) => anAndroidPhone({ key: `k${i}`, refreshedAt: later(NOON, i) }));
  expect(keys(surplus(devices))).toEqual(['k0', 'k1']);
});

describe('the mailbox', () => {
  const ice = (n: number) => ({ type: 'ice.candidate', from: 'alice', seq: n });
  it('delivers in the sender’s own order', () => {
    expect(
      inDeliveryOrder([ice(3), ice(1), { type: 'sdp.offer', from: 'alice', seq: 2 }]).map(({ seq }) => seq),
    ).toEqual([1, 2, 3]);
  });
  it('delivers by arrival where the sender does not number', () => {
    const arrived = [
      { type: 'sdp.offer', from: 'a' },
      { type: 'ice.candidate', from: 'a' },
    ];
    expect(inDeliveryOrder(arrived)).toEqual(arrived);
  });
  it('drops the oldest candidates past sixty-four, never an offer', () => {
    const kept = inDeliveryOrder([
      { type: 'sdp.offer', from: 'alice', seq: 1 },
      ...Array.from({ length: 70 }, (_, i) => ice(i + 2)),
    ]);
    expect(kept).toHaveLength(64);
    expect(kept[0]?.type).toBe('sdp.offer');
    expect(kept[1]?.seq).toBe(9);
  });
});
