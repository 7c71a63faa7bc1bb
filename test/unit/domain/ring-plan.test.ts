import { describe, expect, it } from 'vitest';
import { inDeliveryOrder } from '#domain/call/signal-order.ts';
import { isOn, noticePlan, ringPlan } from '#domain/push-token/ring-plan.ts';
import { surplus } from '#domain/push-token/token.ts';
import { later } from '#domain/time.ts';
import { anAndroidPhone, anIphone, NOON } from '../../support/builders.ts';

const anAlertToken = (extra = {}) => anIphone({ key: 'alert-key', token: 'alert-token', voip: false, ...extra });
const keys = (devices: readonly { key: string }[]) => devices.map(({ key }) => key).toSorted();

const NONE: ReadonlySet<string> = new Set();

describe('who is pushed', () => {
  it('rings PushKit and FCM tokens, never an ordinary APNs token', () => {
    const plan = ringPlan([anAndroidPhone(), anIphone(), anAlertToken()], NONE);
    expect(keys(plan.push)).toEqual(['android-key', 'iphone-key']);
    expect(plan.skip).toMatchObject([{ pushToken: { key: 'alert-key' }, reason: 'not_ringable' }]);
  });
  it('rings ordinary APNs tokens of an app that rings by an alert, but for handsets with a PushKit token', () => {
    const extension = { providerName: 'extension', hardwareId: 'h' };
    const byAlert = new Set(['extension']);
    expect(keys(ringPlan([anAlertToken(extension)], byAlert).push)).toEqual(['alert-key']);
    expect(keys(ringPlan([anAlertToken(extension), anIphone(extension)], byAlert).push)).toEqual(['iphone-key']);
    expect(ringPlan([anAlertToken()], byAlert).push).toEqual([]);
  });
  it('rings one handset once, by its PushKit token where it has one', () => {
    const plan = ringPlan([anAndroidPhone({ hardwareId: 'h' }), anIphone({ hardwareId: 'h' })], NONE);
    expect(keys(plan.push)).toEqual(['iphone-key']);
    expect(plan.skip).toMatchObject([{ reason: 'same_handset' }]);
  });
  it('rings the freshest of two tokens of a handset', () => {
    const old = anAndroidPhone({ key: 'old', hardwareId: 'h' });
    const fresh = anAndroidPhone({ key: 'fresh', hardwareId: 'h', refreshedAt: later(NOON, 1) });
    expect(keys(ringPlan([old, fresh], NONE).push)).toEqual(['fresh']);
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
