import { defined } from './defined.ts';
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
  /** The phone, by its `hardwareId` and the session of its app, or else by its connection. */
  readonly handset: string;
  /** How often it was written. */
  readonly version: number;
  readonly connectionId: string;
  readonly hardwareId?: string;
  readonly sessionId?: string;
  readonly cid?: string;
  /** The call that it showed before, if it was told that it is over. */
  readonly past?: string;
  /** Until when calls ring its user of which it was not told, since it shows another one. */
  readonly othersRingUntil?: EpochMs;
  readonly told: { readonly [What in Told]?: Telling };
  readonly began?: Began;
  readonly hungUp?: HungUp;
}

/** The call that a phone started or answered last, with whom, and when that arrived. */
export interface Began {
  readonly cid: string;
  readonly at: EpochMs;
  readonly to?: string;
  /** Whether the phone has heard the end of it. */
  readonly isOver?: true;
}

/** When a phone hung up last, and with whom: a call that it had begun by then may still be on its way. */
export interface HungUp {
  readonly at: EpochMs;
  readonly to?: string;
}

/** No request that makes a call takes longer. */
const BEGINNING_MS = 10 * SECOND_MS;

/** Whether a call that a phone began at `at`, and that is not there, may still be on its way. */
export const mayComeYet = ({ at }: Began, now: EpochMs): boolean => now - at < BEGINNING_MS;

/** A connection of a phone. */
export interface ShownOn {
  readonly id: string;
  readonly userId: string;
  readonly hardwareId?: string;
  readonly sessionId?: string;
  readonly connectedAt: EpochMs;
}

/** The name that the record of a phone has: an app that was started anew has another one, in which it shows nothing yet. */
export const recordName = ({ hardwareId, sessionId, id }: Pick<ShownOn, 'id' | 'hardwareId' | 'sessionId'>): string => {
  if (hardwareId === undefined) return `c:${id}`;
  return `h:${[hardwareId, ...(sessionId === undefined ? [] : [sessionId])].map(encodeURIComponent).join(':')}`;
};

/** The record of a phone that shows nothing yet. */
export const nothingShown = (on: ShownOn): Shown => ({
  userId: on.userId,
  handset: recordName(on),
  version: 0,
  connectionId: on.id,
  ...defined({ hardwareId: on.hardwareId, sessionId: on.sessionId }),
  told: {},
});

/**
 * Whether a connection may be one of the phone that a record is of, neither of which has an id: an app that was started
 * anew is not.
 */
export const mayBeSame = ({ hardwareId, sessionId }: Shown, on: ShownOn): boolean =>
  hardwareId === undefined && (sessionId === undefined || on.sessionId === undefined || sessionId === on.sessionId);

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
  if (isPast(shown, cid, what)) return 'told';
  const telling = shown.cid === cid ? shown.told[what] : undefined;
  if (!telling || telling.claimed.length === 0) return 'due';
  const isClaimed = telling.claimed.includes(on.id);
  if (!isClaimed && on.connectedAt <= telling.at) return 'due';
  if (isClaimed ? telling.shown.includes(on.id) : telling.shown.length > 0) return 'told';
  return isStale(telling, now) ? 'due' : 'underway';
}

/**
 * Whether the end of a call is left to somebody who was about to tell `on` what announces the call when it ended: the end
 * must not overtake that. Both of them go by the record, so that one of them tells it.
 */
export function isEndHeld({ cid: shown, told: { ring, answer, over } }: Shown, cid: string, on: ShownOn): boolean {
  if (shown !== cid || !over?.claimed.includes(on.id) || over.shown.includes(on.id)) return false;
  return isBeingTold(ring, on, over.at) || isBeingTold(answer, on, over.at);
}

/** Whether somebody has turned to telling `on` the end of a call, at once or by leaving it to whoever announces the call. */
export const isEndClaimed = ({ cid: shown, told: { over } }: Shown, cid: string, on: ShownOn): boolean =>
  shown === cid && over?.claimed.includes(on.id) === true;

/** Whether the phone was told that, for a call. */
export const wasTold = (shown: Shown, cid: string, what: Told): boolean =>
  isPast(shown, cid, what) || (shown.cid === cid && (shown.told[what]?.claimed.length ?? 0) > 0);

/** Whether the phone has heard the end of a call: whoever was about to tell it may have crashed before they did. */
export const hasHeardEnd = (shown: Shown, cid: string): boolean =>
  isPast(shown, cid, 'over') || (shown.cid === cid && (shown.told.over?.shown.length ?? 0) > 0);

/** When a phone was told something last. */
export const latestTold = ({ told }: Shown): number => Math.max(0, ...Object.values(told).map(({ at }) => at));

/** Whether the phone has hung up that call, which it began. */
export const isHungUp = ({ began, hungUp }: Shown, cid: string): boolean =>
  began?.cid === cid && hungUp !== undefined && hungUp.at > began.at && (hungUp.to ?? began.to) === began.to;

/**
 * The call that a phone began and shows, as far as it knows: it has not heard the end, was told of no other call since, and
 * has not hung up.
 */
export function begunAndShown(shown: Shown): Began | undefined {
  const { began, cid } = shown;
  if (!began || began.isOver || hasHeardEnd(shown, began.cid) || isHungUp(shown, began.cid)) return undefined;
  const isElsewhere = cid !== undefined && cid !== began.cid && latestTold(shown) >= began.at;
  return isElsewhere ? undefined : began;
}

const isPast = ({ past }: Shown, cid: string, what: Told): boolean => what === 'over' && past === cid;

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
  const past =
    shown.cid !== undefined && shown.cid !== cid && wasTold(shown, shown.cid, 'over') ? shown.cid : shown.past;
  return {
    ...shown,
    cid,
    ...defined({ past }),
    told: { ...told, [what]: { ...before, claimed: [...before.claimed, on.id] } },
  };
}

/** The record once `on` has been told, or could not be, by whoever claimed that: the record was `claimed` then. */
export function settle(shown: Shown, claimed: Shown, what: Told, on: ShownOn, isSent: boolean): Shown {
  const { cid, told: own } = claimed;
  const telling = shown.cid === cid ? shown.told[what] : undefined;
  if (cid === undefined || !telling) return shown;
  if (isSent) {
    const told = withTold(shown, what, { ...telling, shown: [...telling.shown, on.id] });
    return what === 'over' ? withEndHeard(told, cid) : told;
  }
  // Whoever took too long finds that somebody else has told it, or is about to.
  if (telling.shown.includes(on.id) || telling.at !== own[what]?.at) return shown;
  const left = telling.claimed.filter((id) => id !== on.id);
  return withTold(shown, what, left.length + telling.shown.length === 0 ? undefined : { ...telling, claimed: left });
}

/** The record of a phone that has heard the end of a call: if it began that one, that outlasts what it is told of others. */
export const withEndHeard = (shown: Shown, cid: string): Shown =>
  shown.began?.cid === cid ? { ...shown, began: { ...shown.began, isOver: true } } : shown;

function withTold(shown: Shown, what: Told, telling: Telling | undefined): Shown {
  const { [what]: _, ...others } = shown.told;
  return { ...shown, told: { ...others, ...(telling && { [what]: telling }) } };
}

/** The record of a new connection that goes on for another one of the same phone, which has no id and is gone. */
export const inheritedBy = (on: ShownOn, { cid, past, told, began, hungUp }: Shown): Shown => ({
  ...nothingShown(on),
  ...defined({ cid, past, began, hungUp }),
  told: Object.fromEntries(
    Object.entries(told).map(([what, telling]) => [what, { at: telling.at, claimed: [on.id], shown: [on.id] }]),
  ),
});
