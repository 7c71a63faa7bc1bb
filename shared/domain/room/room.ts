import { type EpochMs, HOUR_MS, later, MINUTE_MS } from '../time.ts';

/** How many connections a room takes. */
export const MAX_OCCUPANTS = 50;

/** API Gateway closes a WebSocket after two hours. */
const LONGEST_STAY_MS = 2 * HOUR_MS + 10 * MINUTE_MS;

/** Whoever enters, joins or leaves has done so after this, or the function that saw to it has died. */
const LONGEST_PASSAGE_MS = MINUTE_MS;

/**
 * How far a connection is in its room.
 *
 * - `arriving`: its place is taken, and its socket is about to open. Nobody sees it.
 * - `joining`: it knows the room, and the others are being told of it. Only the invocation that does so posts to it.
 * - `quitting`: it closed while it was `joining`. Whoever tells the others that it came tells them next that it went.
 * - `joined`: it has been told of everybody, and everybody of it. From now on it is told of changes by whoever makes them.
 * - `leaving`: it no longer counts, and the others are being told.
 */
export const STAGES = ['arriving', 'joining', 'quitting', 'joined', 'leaving'] as const;
export type Stage = (typeof STAGES)[number];

/** One connection in a room. */
export interface Occupant {
  readonly connectionId: string;
  readonly userId: string;
  readonly username: string;
  readonly stage: Stage;
  /** When its socket was opened. */
  readonly enteredAt: EpochMs;
  /** Since when it is in its stage. */
  readonly since: EpochMs;
}

/** A meeting place. It exists while somebody is in it. */
export interface Room {
  readonly id: string;
  /** Raised whenever an occupant begins or ceases to be present. */
  readonly version: number;
  /** When its quiet connections are written to next. */
  readonly keepAliveAt: EpochMs;
  /** In the order in which they entered. */
  readonly occupants: readonly Occupant[];
}

/** A user in a room, on however many devices. */
export interface Participant {
  readonly userId: string;
  readonly username: string;
}

/** Whether an occupant in this stage is in the room for others. */
export const isPresent = (stage: Stage | undefined): boolean =>
  stage === 'joining' || stage === 'quitting' || stage === 'joined';

/** Whether an occupant in this stage takes one of the places. */
export const holdsPlace = (stage: Stage | undefined): boolean => stage !== undefined && stage !== 'leaving';

export const occupantOf = (room: Room | undefined, connectionId: string): Occupant | undefined =>
  room?.occupants.find((occupant) => occupant.connectionId === connectionId);

/** Everybody who is in the room, once each, whoever came first first. */
export function participants({ occupants }: Pick<Room, 'occupants'>): Participant[] {
  const byUser = new Map<string, Participant>();
  for (const { userId, username, stage } of occupants)
    if (isPresent(stage) && !byUser.has(userId)) byUser.set(userId, { userId, username });
  return [...byUser.values()];
}

/** Whether `occupant` is the only device by which its user is in the room. */
export const isOnlyDevice = ({ occupants }: Room, { userId, connectionId }: Occupant): boolean =>
  !occupants.some((other) => other.userId === userId && other.connectionId !== connectionId && isPresent(other.stage));

/** The connections of other users that are told of what `userId` does. */
export const hearersOf = ({ occupants }: Room, userId: string): Occupant[] =>
  occupants.filter((occupant) => occupant.stage === 'joined' && occupant.userId !== userId);

/** Whether an occupant is about to be `joined`. */
export const isOnTheWay = ({ stage }: Occupant): boolean => stage === 'arriving' || stage === 'joining';

/** Whom a frame of `userId` is for, now or as soon as they have joined: the devices of `target`, or of everybody else. */
export const recipientsOf = ({ occupants }: Room, userId: string, target: string | undefined): Occupant[] =>
  occupants.filter(
    (occupant) =>
      (occupant.stage === 'joined' || isOnTheWay(occupant)) &&
      occupant.userId !== userId &&
      (target === undefined || occupant.userId === target),
  );

/** The next stage of an occupant whose socket has closed; undefined if somebody else sees to its leaving. */
export function exitOf(occupant: Occupant, now: EpochMs): Stage | 'out' | undefined {
  switch (occupant.stage) {
    case 'arriving':
      return 'out';
    case 'joined':
      return 'leaving';
    case 'joining':
      return isStale(occupant, now) ? 'leaving' : 'quitting';
    case 'quitting':
    case 'leaving':
      return isStale(occupant, now) ? 'leaving' : undefined;
  }
}

/** Whether nothing will come of this occupant any more: its passage or its socket must have ended long ago. */
export const isStale = ({ stage, since, enteredAt }: Occupant, now: EpochMs): boolean =>
  now - enteredAt > LONGEST_STAY_MS || (stage !== 'joined' && now - since > LONGEST_PASSAGE_MS);

/** When the room is forgotten unless somebody else enters. */
export const endOfStay = (enteredAt: EpochMs): EpochMs => later(enteredAt, LONGEST_STAY_MS);

/** Who came and who went between two moments of a room. */
export interface Turnover {
  readonly joined: readonly Participant[];
  readonly left: readonly Participant[];
}

export function turnover(before: readonly Participant[], after: readonly Participant[]): Turnover {
  const missing = (from: readonly Participant[], others: readonly Participant[]): Participant[] =>
    from.filter(({ userId }) => !others.some((other) => other.userId === userId));
  return { joined: missing(after, before), left: missing(before, after) };
}
