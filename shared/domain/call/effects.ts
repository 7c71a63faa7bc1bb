import type { Handset } from './call.ts';

/** Events that carry the call: each tells of one change. */
export const STATE_EVENT_TYPES = [
  'call.ring',
  'call.accepted',
  'call.rejected',
  'call.cancelled',
  'call.missed',
  'call.member_added',
  'call.member_left',
  'call.ended',
] as const;
export type StateEventType = (typeof STATE_EVENT_TYPES)[number];

/** Something that members are told over their connections. */
export interface StateEvent {
  readonly type: StateEventType;
  /** User ids of those who are told. */
  readonly to: readonly string[];
  /** Who caused it; absent where a timer did. */
  readonly by?: string;
  readonly reason?: string;
  /** The member that it is about. */
  readonly about?: string;
}

/** Messages that silence a phone. */
export const STOP_TYPES = ['call.accepted', 'call.rejected', 'call.cancelled', 'call.missed', 'call.ended'] as const;
export type StopType = (typeof STOP_TYPES)[number];

/** What a silenced device is told, by the type of the message that silences it. */
export const STOP_REASON = {
  'call.accepted': 'answered_elsewhere',
  'call.rejected': 'declined_elsewhere',
  'call.cancelled': 'cancelled',
  'call.missed': 'missed',
  'call.ended': 'ended',
} as const satisfies Record<StopType, string>;

/** One member's ring that is over: every phone that was pushed falls silent. */
export interface Stop {
  readonly userId: string;
  readonly ringId: string;
  readonly type: StopType;
  /** Whether the silenced phone shows a missed call, too. */
  readonly notify: boolean;
  /** The device that ended the ring: it knows. */
  readonly except?: Handset;
}

/** What the world hears of a change, once it is written. */
export interface Effects {
  readonly events: readonly StateEvent[];
  /** Members to ring now. */
  readonly rings: readonly string[];
  readonly stops: readonly Stop[];
  /** Members who were not rung and get a missed-call notice. */
  readonly notices: readonly string[];
  /** Members who are in the call now and were not held by it before. */
  readonly lockedBusy: readonly string[];
  /** Members whom the call no longer holds. */
  readonly unlockedBusy: readonly string[];
}
