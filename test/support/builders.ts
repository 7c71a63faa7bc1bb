import type { Call } from '#domain/call/call.ts';
import { decide } from '#domain/call/decide.ts';
import { newCall } from '#domain/call/new-call.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, epochMs, later } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { aWebPushDevice } from './push-tokens.ts';

/** A fixed moment for tests that need one. */
export const NOON: EpochMs = epochMs(Date.parse('2026-11-20T12:00:00.000Z'));

/** A call of Alice's that has not rung its `callees` yet. */
export const aCreatedCall = (callees: readonly string[] = ['bob'], extra: Partial<Call> = {}): Call => ({
  ...newCall(
    {
      cid: 'default:c1',
      caller: { id: 'alice', name: 'Alice' },
      callerOn: { tokenFingerprint: 'alice-token', connectionId: 'alice-socket' },
      members: callees.map((userId) => ({ userId })),
      video: true,
      custom: {},
      ringMs: 45_000,
      busy: 'reject',
      maxDurationMs: 12 * 3_600_000,
    },
    NOON,
  ),
  ...extra,
});

/** A call of Alice's that rings `callees` since noon. */
export function aRingingCall(callees: readonly string[] = ['bob'], extra: Partial<Call> = {}): Call {
  const decision = decide(
    aCreatedCall(callees, extra),
    { type: 'ring', by: 'alice', ringId: 'ring-1', busy: [] },
    NOON,
  );
  if (decision.kind !== 'changed') throw new Error('the call does not ring');
  return decision.change.to;
}

/** A ring for a phone of bob's, 100 ms after noon; `extra` may make it a push of another kind. */
export const aPush = (extra: Partial<Push> = {}): Push =>
  ({
    kind: 'ring',
    cid: 'default:c1',
    ringId: 'ring-1',
    caller: { id: 'alice', name: 'Alice' },
    video: true,
    sentAt: NOON,
    expiresAt: later(NOON, 45_000),
    wakeToken: 'wake-token',
    type: 'call.cancelled',
    notify: true,
    ...extra,
  }) as Push;

/** The device that `userId` answers on. */
export const onPhone = (hardwareId: string) => ({ tokenFingerprint: `fingerprint-${hardwareId}`, hardwareId });

/** A call that Bob has answered on his phone. */
export function anActiveCall(callees: readonly string[] = ['bob']): Call {
  const decision = decide(aRingingCall(callees), { type: 'accept', by: 'bob', on: onPhone('phone') }, NOON);
  if (decision.kind !== 'changed') throw new Error('the call is not answered');
  return decision.change.to;
}

/** The push token of Bob's Android phone. */
export const anAndroidPhone = (extra: Partial<PushToken> = {}): PushToken => ({
  userId: 'bob',
  key: 'android-key',
  token: 'android-token',
  idType: 'token',
  provider: 'firebase',
  providerName: 'default',
  voip: false,
  sandbox: false,
  createdAt: NOON,
  refreshedAt: NOON,
  ...extra,
});

/** The subscription of Bob's browser. */
export const aBrowser = (extra: Partial<PushToken> = {}): PushToken =>
  anAndroidPhone({
    key: 'browser-key',
    token: 'https://fcm.googleapis.com/fcm/send/bobs-browser',
    provider: 'webpush',
    keys: aWebPushDevice.keys,
    ...extra,
  });

/** The PushKit token of Bob's iPhone. */
export const anIphone = (extra: Partial<PushToken> = {}): PushToken =>
  anAndroidPhone({ key: 'iphone-key', token: 'iphone-token', provider: 'apn', voip: true, ...extra });
