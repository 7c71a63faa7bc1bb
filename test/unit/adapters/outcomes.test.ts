import { describe, expect, it } from 'vitest';
import { apnsOutcome } from '#adapters/apns/outcome.ts';
import { APNS_REASONS } from '#adapters/apns/reasons.ts';
import { apnsRequest } from '#adapters/apns/request.ts';
import { FCM_CODES, GOOGLE_REASONS } from '#adapters/fcm/codes.ts';
import { fcmMessage } from '#adapters/fcm/message.ts';
import { fcmOutcome } from '#adapters/fcm/outcome.ts';
import { webPushOutcome } from '#adapters/webpush/outcome.ts';
import { WEB_PUSH_STATUSES } from '#adapters/webpush/statuses.ts';
import { later } from '#domain/time.ts';
import type { Push, Verdict } from '#ports/push-sender.ts';
import { nativePush } from '#wire/push/native/payload.ts';
import { pushId } from '#wire/push/push-id.ts';
import { anAndroidPhone, anIphone, aPush, NOON } from '../../support/builders.ts';
import { pushAnswers } from '../../support/push-outcomes-page.ts';

const detailed = (type: string, detail: object) => ({
  error: { status: 'X', details: [{ '@type': `type.googleapis.com/google.${type}`, ...detail }] },
});
const fcmError = (errorCode: string) => detailed('firebase.fcm.v1.FcmError', { errorCode });
const errorInfo = (reason: string) => detailed('rpc.ErrorInfo', { reason });

/** The outcome of a push with this verdict. */
const outcomeOf = (verdict: Verdict) =>
  verdict === 'misconfigured' ? { kind: 'refused', misconfigured: true } : { kind: verdict };

const rowsOf = (table: typeof APNS_REASONS) =>
  Object.entries(table).map(([reason, [status, verdict]]): [number, string, Verdict] => [status, reason, verdict]);

describe('an answer of FCM', () => {
  it.each(rowsOf(FCM_CODES))('%i %s is %s', (status, reason, verdict) => {
    expect(fcmOutcome({ status, data: fcmError(reason) })).toEqual({ status, reason, ...outcomeOf(verdict) });
  });
  it.each(rowsOf(GOOGLE_REASONS))('%i %s of Google is %s', (status, reason, verdict) => {
    expect(fcmOutcome({ status, data: errorInfo(reason) })).toEqual({ status, reason, ...outcomeOf(verdict) });
  });
  it.each([
    [404, { error: { status: 'NOT_FOUND' } }, 'refused', 'NOT_FOUND'],
    [404, '<html>', 'refused', 'HTTP 404'],
    [403, { error: { status: 'PERMISSION_DENIED' } }, 'refused', 'PERMISSION_DENIED'],
    [401, undefined, 'refused', 'HTTP 401'],
    [418, fcmError('SOMETHING_NEW'), 'refused', 'SOMETHING_NEW'],
    [503, '<html>', 'retryable', 'HTTP 503'],
    [500, fcmError('UNREGISTERED'), 'retryable', 'UNREGISTERED'],
  ])('%i %j, without a known code, is %s', (status, data, kind, reason) => {
    expect(fcmOutcome({ status, data })).toEqual({ kind, status, reason });
  });
});

describe('an answer of APNs', () => {
  it.each(rowsOf(APNS_REASONS))('%i %s is %s', (status, reason, verdict) => {
    expect(apnsOutcome({ status, reason })).toEqual({ status, reason, ...outcomeOf(verdict) });
  });
  it.each([
    [410, 'SomethingNew', 'refused'],
    [404, 'Unregistered', 'refused'],
    [429, 'SomethingNew', 'retryable'],
    [502, 'unknown', 'retryable'],
    [0, 'no answer', 'retryable'],
  ])('%i %s, with an unknown reason, is %s', (status, reason, kind) => {
    expect(apnsOutcome({ status, reason })).toEqual({ kind, status, reason });
  });
  it('says since when a token has been dead', () => {
    expect(apnsOutcome({ status: 410, reason: 'Unregistered', timestamp: NOON })).toMatchObject({ since: NOON });
  });
});

it('removes a token only if the answer says that it is dead', () => {
  const deadly = [APNS_REASONS, FCM_CODES, GOOGLE_REASONS].flatMap(rowsOf).filter(([, , is]) => is === 'unregistered');
  expect(deadly.map(([, reason]) => reason)).toEqual(['ExpiredToken', 'Unregistered', 'UNREGISTERED']);
});

it('has the same verdict in docs/push-outcomes.md', () => {
  const listed = pushAnswers().flatMap(({ status, reason, verdict }) => (reason ? [[status, reason, verdict]] : []));
  const tables = [APNS_REASONS, FCM_CODES, GOOGLE_REASONS].flatMap(rowsOf);
  expect(listed.map(String).toSorted()).toEqual(tables.map(String).toSorted());
});

describe('a push service of browsers', () => {
  const answer = (status: number, text = '', headers = {}) => webPushOutcome({ status, text, headers }, NOON);
  it('has the same verdicts in docs/push-outcomes.md', () => {
    const listed = pushAnswers().filter(({ service }) => service === 'Web Push');
    expect(Object.fromEntries(listed.map(({ status, verdict }) => [status, verdict]))).toEqual(WEB_PUSH_STATUSES);
  });
  it.each(Object.entries(WEB_PUSH_STATUSES))('that answers %s has its verdict', (status, kind) => {
    const expected = kind === 'unauthorized' ? { kind: 'refused', unauthorized: true } : { kind };
    expect(answer(Number(status))).toMatchObject({ ...expected, status: Number(status) });
  });
  it.each([
    [302, 'refused'],
    [406, 'refused'],
    [504, 'retryable'],
    [0, 'retryable'],
  ])('that answers %i, which is not in the table, is judged by its class: %s', (status, kind) => {
    expect(answer(status)).toMatchObject({ kind, status });
  });
  it('is quoted if it is Apple, and by its status alone if it may name the subscription', () => {
    expect(answer(403, '{"reason":"BadJwtToken"}')).toMatchObject({ reason: 'BadJwtToken' });
    expect(answer(403, '{"reason":"https://fcm.googleapis.com/x"}')).toMatchObject({ reason: 'Forbidden' });
    expect(answer(401, 'the token is eyJ')).toMatchObject({ reason: 'Unauthorized' });
  });
  it('names the message that it took', () => {
    expect(answer(201, '', { location: 'https://push.example/m/abc' })).toEqual({ kind: 'accepted', messageId: 'abc' });
    expect(answer(202)).toEqual({ kind: 'accepted', messageId: 'unnamed' });
  });
});

const push = (extra: Partial<Push> = {}): Push => aPush({ expiresAt: later(NOON, 44_900), ...extra });

describe('an FCM message', () => {
  it('is data alone, of high priority, for what is left in whole seconds', () => {
    expect(fcmMessage({ pushToken: anAndroidPhone(), push: push(), now: NOON })).toEqual({
      token: 'android-token',
      data: nativePush(push(), 'bob'),
      android: { priority: 'high', ttl: '44s', direct_boot_ok: true },
    });
  });
  it('silences for at least 30 s, notifies with normal priority, and goes to an installation id', () => {
    expect(
      fcmMessage({ pushToken: anAndroidPhone(), push: push({ kind: 'stop', expiresAt: NOON }), now: NOON }).android.ttl,
    ).toBe('30s');
    expect(
      fcmMessage({ pushToken: anAndroidPhone(), push: push({ kind: 'missed' }), now: NOON }).android.priority,
    ).toBe('normal');
    expect(fcmMessage({ pushToken: anAndroidPhone({ idType: 'fid' }), push: push(), now: NOON })).toMatchObject({
      fid: 'android-token',
    });
  });
});

describe('a request to APNs', () => {
  it('is a VoIP push that expires at the deadline if the token is of PushKit', () => {
    expect(apnsRequest(anIphone(), push(), { bundle_id: 'com.example.app' })).toEqual({
      headers: {
        'apns-topic': 'com.example.app.voip',
        'apns-push-type': 'voip',
        'apns-priority': '10',
        'apns-id': pushId(push(), anIphone()),
        'apns-expiration': `${Math.floor((NOON + 44_900) / 1000)}`,
      },
      body: { aps: {}, ...nativePush(push(), 'bob') },
    });
  });
  it('is an alert with the call as its collapse id if the token is an ordinary one', () => {
    const cid = `default:${'x'.repeat(100)}`;
    const missed = push({ kind: 'missed', cid, video: false });
    expect(apnsRequest(anIphone({ voip: false }), missed, { bundle_id: 'app' })).toMatchObject({
      headers: { 'apns-topic': 'app', 'apns-push-type': 'alert', 'apns-collapse-id': cid.slice(0, 64) },
      body: { aps: { alert: { title: 'Alice', body: 'Missed call' }, 'thread-id': cid }, call_cid: cid },
    });
  });
});
