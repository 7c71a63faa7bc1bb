import { type Handset, pushTokenFingerprint } from '../call/call.ts';
import { byFreshness, handsetKey, type PushProvider, type PushToken } from './token.ts';

export type SkipReason = 'not_ringable';

/** Push tokens that ring one handset, in the order in which they are tried. Never empty. */
export type HandsetTokens = readonly [PushToken, ...PushToken[]];

/** How each handset of a callee is rung, and why the tokens that ring none do not. */
export interface RingPlan {
  readonly handsets: readonly HandsetTokens[];
  readonly skip: readonly { readonly pushToken: PushToken; readonly reason: SkipReason }[];
}

/**
 * A handset is rung by its PushKit tokens, then its FCM tokens, then its ordinary APNs tokens of the providers `byAlert`,
 * whose apps ring by an alert, then its browser's subscriptions; the freshest of each kind comes first.
 */
export function ringPlan(pushTokens: readonly PushToken[], byAlert: ReadonlySet<string>): RingPlan {
  const handsets = new Map<string, [PushToken, ...PushToken[]]>();
  const skip: { pushToken: PushToken; reason: SkipReason }[] = [];
  for (const pushToken of pushTokens.toSorted((a, b) => rankOf(a) - rankOf(b) || byFreshness(a, b))) {
    const reason = unringable(pushToken, byAlert);
    const handset = handsets.get(handsetKey(pushToken));
    if (reason !== undefined) skip.push({ pushToken, reason });
    else if (handset) handset.push(pushToken);
    else handsets.set(handsetKey(pushToken), [pushToken]);
  }
  return { handsets: [...handsets.values()], skip };
}

const isPushKit = ({ provider, voip }: PushToken): boolean => provider === 'apn' && voip;

/** Which kind of token rings a handset best: the lower, the better. */
const rankOf = (pushToken: PushToken): number => (isPushKit(pushToken) ? 0 : RANK[pushToken.provider]);
const RANK: Readonly<Record<PushProvider, number>> = { firebase: 1, apn: 2, webpush: 3 };

function unringable({ provider, providerName, voip }: PushToken, byAlert: ReadonlySet<string>): SkipReason | undefined {
  switch (provider) {
    case 'firebase':
    case 'webpush':
      return undefined;
    case 'apn':
      return voip || byAlert.has(providerName) ? undefined : 'not_ringable';
  }
}

/**
 * Who is told of a missed call besides the handsets in `told`, whose stop message says so: one token a handset, an
 * ordinary APNs token before an FCM token before a browser's subscription.
 */
export function noticePlan(pushTokens: readonly PushToken[], told: ReadonlySet<string>): PushToken[] {
  const able = pushTokens.filter((pushToken) => !isPushKit(pushToken));
  const notices = new Map<string, PushToken>();
  for (const pushToken of able.toSorted((a, b) => a.provider.localeCompare(b.provider) || byFreshness(a, b))) {
    const handset = handsetKey(pushToken);
    if (!told.has(handset) && !notices.has(handset)) notices.set(handset, pushToken);
  }
  return [...notices.values()];
}

/** Whether `pushToken` is on the handset that somebody acted from. */
export const isOn = (pushToken: PushToken, handset: Handset): boolean =>
  handset.tokenFingerprint === pushTokenFingerprint(pushToken.key) ||
  (pushToken.hardwareId !== undefined && pushToken.hardwareId === handset.hardwareId);
