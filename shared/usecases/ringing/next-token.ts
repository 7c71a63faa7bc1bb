import { handsetKey, type PushToken } from '#domain/push-token/token.ts';
import type { HardwareIds, PushRecord, PushState } from '#ports/push-log.ts';

/** States of a push after which its handset may ring, or after which its token is tried again. */
const HOLDS: ReadonlySet<PushState | undefined> = new Set(['accepted', 'unknown', 'failed']);

/** What to go by when the next token of a handset is chosen. */
export interface HandsetProgress {
  /** The tokens that ring the handset, in the order in which they are tried. */
  readonly tokens: readonly PushToken[];
  /** What they have in common. */
  readonly handset: string;
  readonly record: Pick<PushRecord, 'pushes' | 'hardwareIds' | 'removed'>;
  /** Whether nobody else is pushing: then a push that is still `sending` was left behind by a crash, and is due again. */
  readonly alone: boolean;
}

/**
 * The token by which a handset is to be rung now. None if one of its tokens took the ring, may have taken it, or waits
 * for another attempt, so that the handset rings once at most; none either if no token is left.
 */
export function nextToken({ tokens: all, handset, record, alone }: HandsetProgress): PushToken | undefined {
  const { pushes, hardwareIds, removed } = record;
  const tokens = all.filter(({ key }) => !removed.includes(key));
  const sending = tokens.find(({ key }) => pushes[key] === 'sending');
  if (sending) return alone ? sending : undefined;
  const ofHandset = [
    ...tokens.map(({ key }) => key),
    // A token that was removed meanwhile.
    ...Object.keys(hardwareIds).filter((key) => hardwareIds[key] === handset),
  ];
  if (ofHandset.some((key) => HOLDS.has(pushes[key]))) return undefined;
  return tokens.find(({ key }) => pushes[key] === undefined);
}

/** The handset of each token, as far as a token names one: what the push record keeps of it. */
export const hardwareIdsOf = (pushTokens: readonly PushToken[]): HardwareIds =>
  Object.fromEntries(
    pushTokens.flatMap(({ key, hardwareId }) => (hardwareId === undefined ? [] : [[key, hardwareId]])),
  );

/** The other tokens of the handset that `pushToken` is on, and itself. */
export const onSameHandset = (pushTokens: readonly PushToken[], pushToken: PushToken): readonly PushToken[] =>
  pushTokens.filter((other) => handsetKey(other) === handsetKey(pushToken));
