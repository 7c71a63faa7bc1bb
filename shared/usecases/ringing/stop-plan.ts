import type { Handset } from '#domain/call/call.ts';
import { isOn } from '#domain/push-token/ring-plan.ts';
import { byFreshness, handsetKey, type PushToken, takesStop } from '#domain/push-token/token.ts';
import type { PushRecord } from '#ports/push-log.ts';
import { MAY_RING } from './attempt-ring.ts';
import type { Skip } from './skipped-trace.ts';

/** Which phones a stop concerns. */
export interface StopPlan {
  /** One token of each phone that may ring. */
  readonly took: readonly PushToken[];
  /** The handsets that hear of a missed call by their stop, at once or as soon as they have taken the ring. */
  readonly told: ReadonlySet<string>;
}

/** Finds the phones that took a ring, each by the token it has now: a token may be replaced while it rings. */
export function stopPlan({ pushes, hardwareIds }: PushRecord, pushTokens: readonly PushToken[]): StopPlan {
  const took = new Map<string, PushToken>();
  for (const key of Object.keys(pushes).filter((one) => MAY_RING.has(pushes[one]))) {
    const pushed = pushTokens.find((pushToken) => pushToken.key === key);
    const handset = pushed ? handsetKey(pushed) : hardwareIds[key];
    const isNew = (other: PushToken) => handsetKey(other) === handset && pushes[other.key] === undefined;
    const now = pushTokens
      .filter((other) => isNew(other) && (!pushed || replaces(pushed, other)))
      .toSorted(byFreshness);
    const pushToken = now[0] ?? pushed;
    if (pushToken) took.set(pushToken.key, pushToken);
  }
  const underWay = pushTokens.filter(({ key }) => pushes[key] === 'sending');
  const told = [...took.values(), ...underWay].filter(takesStop).map(handsetKey);
  return { took: [...took.values()], told: new Set(told) };
}

/** Whether `other`, on the same handset, is what the app has now in the place of `pushed`. */
const replaces = (pushed: PushToken, other: PushToken): boolean =>
  takesStop(pushed) &&
  other.provider === pushed.provider &&
  other.providerName === pushed.providerName &&
  other.refreshedAt > pushed.refreshedAt;

/** Why a phone that took the ring is sent no stop; `except` is the handset that ended it. */
export function unsilenced(pushToken: PushToken, except: Handset | undefined): Skip | undefined {
  if (except && isOn(pushToken, except)) return 'acted_here';
  return takesStop(pushToken) ? undefined : 'one_voip_push_a_ring';
}
