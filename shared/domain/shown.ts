import { type EpochMs, SECOND_MS } from './time.ts';

/** What a phone is told of a call once only: it would apply it twice. */
export type Told = 'ring' | 'answer' | 'over';

/** One of these: which of the phone's connections it is for, and which of them have it. */
interface Telling {
  /** When the first of them was told. */
  readonly at: EpochMs;
  readonly claimed: readonly string[];
  readonly shown: readonly string[];
}

/** The call that a phone of a user shows, for clients that know one call at a time and are told no ids. */
export interface Shown {
  readonly userId: string;
  /** The phone, by its `hardwareId`, or else by its connection. */
  readonly handset: string;
  /** How often it was written. */
  readonly version: number;
  readonly connectionId: string;
  readonly hardwareId?: string;
  readonly sessionId?: string;
  readonly cid?: string;
  readonly told: { readonly [What in Told]?: Telling };
  /** The call that the phone started or answered last, and when that arrived. */
  readonly began?: { readonly cid: string; readonly at: EpochMs };
  /** When it hung up last without a call to be found: one that it had begun by then may still be on its way. */
  readonly hungUpAt?: EpochMs;
}

/** No request that makes a call takes longer. */
const BEGINNING_MS = 10 * SECOND_MS;

/** Whether a call that a phone began at `at`, and that is not there, may still be on its way. */
export const mayComeYet = ({ at }: NonNullable<Shown['began']>, now: EpochMs): boolean => now - at < BEGINNING_MS;

/** A connection of a phone. */
export interface ShownOn {
  readonly id: string;
  readonly userId: string;
  readonly hardwareId?: string;
  readonly sessionId?: string;
  readonly connectedAt: EpochMs;
}

/** The name that the record of a phone has. */
export const recordName = ({ hardwareId, id }: Pick<ShownOn, 'id' | 'hardwareId'>): string =>
  hardwareId === undefined ? `c:${id}` : `h:${hardwareId}`;

/** The record of a phone that shows nothing yet. */
export const nothingShown = ({ id, userId, hardwareId, sessionId }: ShownOn): Shown => ({
  userId,
  handset: recordName({ id, ...(hardwareId !== undefined && { hardwareId }) }),
  version: 0,
  connectionId: id,
  ...(hardwareId !== undefined && { hardwareId }),
  ...(sessionId !== undefined && { sessionId }),
  told: {},
});

/** The record as it counts for a connection: an app that was started anew shows nothing yet. */
export function shownTo(shown: Shown | undefined, on: ShownOn): Shown {
  if (!shown) return nothingShown(on);
  const isAnew = shown.sessionId !== undefined && on.sessionId !== undefined && shown.sessionId !== on.sessionId;
  return isAnew ? { ...nothingShown(on), version: shown.version } : shown;
}

/** Whoever is about to tell a phone something takes no longer: what was not told by then is untold. */
const CLAIM_MS = 4 * SECOND_MS;

/** Whether those who are about to tell a phone something have taken too long: they may have crashed. */
const isStale = ({ at }: Telling, now: EpochMs): boolean => now - at >= CLAIM_MS;

/** Whether `on` is about to be told by somebody. */
const isBeingTold = (telling: Telling | undefined, on: ShownOn, now: EpochMs): boolean =>
  telling?.claimed.includes(on.id) === true && !telling.shown.includes(on.id) && !isStale(telling, now);

/**
 * Whether `on` is to be told: nobody of this phone was, or the connections that were open then are. `underway`: somebody
 * is about to.
 */
export function tellingOf(
  shown: Shown,
  cid: string,
  what: Told,
  on: ShownOn,
  now: EpochMs,
): 'due' | 'underway' | 'told' {
  const telling = shown.cid === cid ? shown.told[what] : undefined;
  if (!telling || telling.claimed.length === 0) return 'due';
  const isClaimed = telling.claimed.includes(on.id);
  if (!isClaimed && on.connectedAt <= telling.at) return 'due';
  if (isClaimed ? telling.shown.includes(on.id) : telling.shown.length > 0) return 'told';
  return isStale(telling, now) ? 'due' : 'underway';
}

/** Whether somebody is about to tell `on` what announces the call: whatever else it hears must not overtake that. */
export const isBeingAnnounced = (shown: Shown, cid: string, on: ShownOn, now: EpochMs): boolean =>
  shown.cid === cid && (isBeingTold(shown.told.ring, on, now) || isBeingTold(shown.told.answer, on, now));

/** Whether the phone was told that, for a call. */
export const wasTold = (shown: Shown, cid: string, what: Told): boolean =>
  shown.cid === cid && (shown.told[what]?.claimed.length ?? 0) > 0;

/** Whether a connection may hear more of a call: what announces it has been sent there, or to this phone before it opened. */
function isShown(shown: Shown, cid: string, what: Told, on: ShownOn): boolean {
  const telling = shown.cid === cid ? shown.told[what] : undefined;
  if (!telling) return false;
  return telling.shown.includes(on.id) || (telling.shown.length > 0 && on.connectedAt > telling.at);
}

/** When the call was announced of which this connection may hear more; undefined if it was not yet. */
export const announcedAt = (shown: Shown, cid: string, on: ShownOn): EpochMs | undefined => {
  const what = (['answer', 'ring'] as const).find((one) => isShown(shown, cid, one, on));
  return what && shown.told[what]?.at;
};

/** The record once `on` is about to be told. */
export function claim(shown: Shown, cid: string, what: Told, on: ShownOn, now: EpochMs): Shown {
  const told = shown.cid === cid ? shown.told : {};
  const telling = told[what];
  const isBegun = telling && (telling.shown.length > 0 || (telling.claimed.length > 0 && !isStale(telling, now)));
  const before = isBegun ? telling : { at: now, claimed: [], shown: [] };
  return { ...shown, cid, told: { ...told, [what]: { ...before, claimed: [...before.claimed, on.id] } } };
}

/** The record once `on` has been told, or could not be. */
export function settle(shown: Shown, cid: string, what: Told, on: ShownOn, isSent: boolean): Shown {
  const telling = shown.cid === cid ? shown.told[what] : undefined;
  if (!telling) return shown;
  const settled = isSent
    ? { ...telling, shown: [...telling.shown, on.id] }
    : { ...telling, claimed: telling.claimed.filter((id) => id !== on.id) };
  return { ...shown, told: { ...shown.told, [what]: settled } };
}

/** The record of a new connection that goes on for another one of the same phone, which has no id and is gone. */
export const inheritedBy = (on: ShownOn, { cid, told, began, hungUpAt }: Shown): Shown => ({
  ...nothingShown(on),
  ...(cid !== undefined && { cid }),
  told: Object.fromEntries(
    Object.entries(told).map(([what, telling]) => [what, { at: telling.at, claimed: [on.id], shown: [on.id] }]),
  ),
  ...(began && { began }),
  ...(hungUpAt !== undefined && { hungUpAt }),
});
