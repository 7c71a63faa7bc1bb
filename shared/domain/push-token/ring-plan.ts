import { type Handset, pushTokenFingerprint } from '../call/call.ts';
import { byFreshness, handsetKey, type PushToken } from './token.ts';

export type SkipReason = 'not_ringable' | 'same_handset' | 'provider_not_supported';

/** Which push tokens of a callee are pushed to, and why the others are not. */
export interface RingPlan {
  readonly push: readonly PushToken[];
  readonly skip: readonly { readonly pushToken: PushToken; readonly reason: SkipReason }[];
}

/**
 * PushKit and FCM tokens ring, and so do ordinary APNs tokens of the providers `byAlert`, whose apps ring by an alert. If
 * one handset has several tokens, its PushKit token rings, or else its freshest one.
 */
export function ringPlan(pushTokens: readonly PushToken[], byAlert: ReadonlySet<string>): RingPlan {
  const rung = new Map<string, PushToken>();
  const skip: { pushToken: PushToken; reason: SkipReason }[] = [];
  for (const pushToken of pushTokens.toSorted((a, b) => Number(b.voip) - Number(a.voip) || byFreshness(a, b))) {
    const reason = unringable(pushToken, byAlert) ?? (rung.has(handsetKey(pushToken)) ? 'same_handset' : undefined);
    if (reason === undefined) rung.set(handsetKey(pushToken), pushToken);
    else skip.push({ pushToken, reason });
  }
  return { push: [...rung.values()], skip };
}

function unringable({ provider, providerName, voip }: PushToken, byAlert: ReadonlySet<string>): SkipReason | undefined {
  switch (provider) {
    case 'firebase':
      return undefined;
    case 'apn':
      return voip || byAlert.has(providerName) ? undefined : 'not_ringable';
    case 'webpush':
      return 'provider_not_supported';
  }
}

/**
 * Which push tokens get a missed-call notice, besides the phones whose stop message already carries it: one per handset,
 * an ordinary APNs token before an FCM token. `rung` holds the keys of the tokens that took the ring.
 */
export function noticePlan(pushTokens: readonly PushToken[], rung: ReadonlySet<string>): PushToken[] {
  const told = new Set(
    pushTokens.filter(({ key, provider }) => provider === 'firebase' && rung.has(key)).map(handsetKey),
  );
  const able = pushTokens.filter(({ provider, voip }) => provider === 'firebase' || (provider === 'apn' && !voip));
  const notices: PushToken[] = [];
  for (const pushToken of able.toSorted((a, b) => a.provider.localeCompare(b.provider) || byFreshness(a, b))) {
    if (told.has(handsetKey(pushToken))) continue;
    told.add(handsetKey(pushToken));
    notices.push(pushToken);
  }
  return notices;
}

/** Whether `pushToken` is on the handset that somebody acted from. */
export const isOn = (pushToken: PushToken, handset: Handset): boolean =>
  handset.tokenFingerprint === pushTokenFingerprint(pushToken.key) ||
  (pushToken.hardwareId !== undefined && pushToken.hardwareId === handset.hardwareId);
