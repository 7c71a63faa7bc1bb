import { describe, expect, it } from 'vitest';
import { apnsOutcome } from '#adapters/apns/outcome.ts';
import { apnsRequest } from '#adapters/apns/request.ts';
import { fcmMessage } from '#adapters/fcm/message.ts';
import { fcmOutcome } from '#adapters/fcm/outcome.ts';
import { parsePushProviders } from '#adapters/secrets/push-providers.ts';
import { later } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { anAndroidPhone, anIphone, NOON } from '../../support/builders.ts';

const fcmError = (errorCode: string) => ({
  error: { status: 'X', details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }] },
});

describe('what FCM answers', () => {
  it.each([
    [404, fcmError('UNREGISTERED'), 'unregistered', 'UNREGISTERED'],
    [404, { error: { status: 'NOT_FOUND' } }, 'refused', 'NOT_FOUND'],
    [400, fcmError('INVALID_ARGUMENT'), 'refused', 'INVALID_ARGUMENT'],
    [403, fcmError('SENDER_ID_MISMATCH'), 'refused', 'SENDER_ID_MISMATCH'],
    [401, undefined, 'refused', 'HTTP 401'],
    [429, fcmError('QUOTA_EXCEEDED'), 'retryable', 'QUOTA_EXCEEDED'],
    [500, fcmError('INTERNAL'), 'retryable', 'INTERNAL'],
    [503, '<html>', 'retryable', 'HTTP 503'],
  ])('%i %j is %s', (status, data, kind, reason) => {
    expect(fcmOutcome({ status, data })).toEqual({ kind, status, reason });
  });
});

describe('what APNs answers', () => {
  it.each([
    [410, 'Unregistered', 'unregistered'],
    [410, 'ExpiredToken', 'unregistered'],
    [400, 'BadDeviceToken', 'wrong_environment'],
    [400, 'DeviceTokenNotForTopic', 'refused'],
    [400, 'TopicDisallowed', 'refused'],
    [403, 'InvalidProviderToken', 'refused'],
    [403, 'ExpiredProviderToken', 'retryable'],
    [413, 'PayloadTooLarge', 'refused'],
    [429, 'TooManyRequests', 'retryable'],
    [500, 'InternalServerError', 'retryable'],
    [503, 'Shutdown', 'retryable'],
    [0, 'apn write timeout', 'retryable'],
  ])('%i %s is %s', (status, reason, kind) => {
    expect(apnsOutcome({ status, reason })).toEqual({ kind, status, reason });
  });
  it('says since when a token is dead', () => {
    expect(apnsOutcome({ status: 410, reason: 'Unregistered', timestamp: NOON })).toMatchObject({ since: NOON });
  });
});

const push = (extra: Partial<Push> = {}): Push => ({
  kind: 'ring',
  payload: { type: 'call.ring', call_cid: 'default:c1' },
  expiresAt: later(NOON, 44_900),
  id: 'b6b7c0de-2f0c-5a37-9d0f-6a1c7b1f3a44',
  ...extra,
});

describe('an FCM message', () => {
  it('is data alone, of high priority, for what is left in whole seconds', () => {
    expect(fcmMessage(anAndroidPhone(), push(), NOON)).toEqual({
      token: 'android-token',
      data: push().payload,
      android: { priority: 'high', ttl: '44s', direct_boot_ok: true },
    });
  });
  it('silences for at least 30 s, notifies with normal priority, and goes to an installation id', () => {
    expect(fcmMessage(anAndroidPhone(), push({ kind: 'stop', expiresAt: NOON }), NOON).android.ttl).toBe('30s');
    expect(fcmMessage(anAndroidPhone(), push({ kind: 'missed' }), NOON).android.priority).toBe('normal');
    expect(fcmMessage(anAndroidPhone({ idType: 'fid' }), push(), NOON)).toMatchObject({ fid: 'android-token' });
  });
});

describe('a request to APNs', () => {
  it('is a VoIP push to a PushKit token, until the deadline', () => {
    expect(apnsRequest(anIphone(), push(), { bundle_id: 'com.example.app' })).toEqual({
      headers: {
        'apns-topic': 'com.example.app.voip',
        'apns-push-type': 'voip',
        'apns-priority': '10',
        'apns-id': push().id,
        'apns-expiration': `${Math.floor((NOON + 44_900) / 1000)}`,
      },
      body: { aps: {}, ...push().payload },
    });
  });
  it('is an alert to an ordinary token, collapsed by call', () => {
    const cid = `default:${'x'.repeat(100)}`;
    const alert = { title: 'Alice', body: 'Missed call' };
    const missed = push({ kind: 'missed', payload: { call_cid: cid }, alert });
    expect(apnsRequest(anIphone({ voip: false }), missed, { bundle_id: 'app' })).toMatchObject({
      headers: { 'apns-topic': 'app', 'apns-push-type': 'alert', 'apns-collapse-id': cid.slice(0, 64) },
      body: { aps: { alert, 'thread-id': cid }, call_cid: cid },
    });
  });
});

describe('the push-providers secret', () => {
  it('may be empty', () => {
    expect(parsePushProviders('{}')).toEqual({ firebase: {}, apn: {} });
  });
  it('names the field that is wrong, and never its value', () => {
    const text = JSON.stringify({
      apn: { default: { key: 'SECRET', key_id: 'short', team_id: 'ABCDEFGHIJ', bundle_id: 'x' } },
    });
    expect(() => parsePushProviders(text)).toThrow(/apn\.default\.key: .*apn\.default\.key_id/);
    expect(() => parsePushProviders(text)).not.toThrow(/SECRET/);
    expect(() => parsePushProviders('{"firebase": SECRET')).toThrow(/^the push-providers secret is not JSON$/);
  });
});
