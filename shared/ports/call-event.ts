import type { Call, Handset, Person } from '#domain/call/call.ts';
import type { StateEventType } from '#domain/call/effects.ts';
import type { EpochMs } from '#domain/time.ts';
import type { IceServer } from './ice-servers.ts';
import type { Signal } from './mailbox.ts';

/** Why none of a callee's phones can ring. */
export const UNREACHABLE_REASONS = ['no_devices', 'all_tokens_dead', 'push_rejected'] as const;
export type UnreachableReason = (typeof UNREACHABLE_REASONS)[number];

/** The first event of a connection: who it is, and how to reach others. */
export interface Connected {
  readonly type: 'user.connected';
  readonly at: EpochMs;
  readonly connectionId: string;
  readonly user: Person;
  readonly iceServers: readonly IceServer[];
  /** A fresh token for the call that this connection takes part in, if it came with a token of that call. */
  readonly callToken?: string;
}

/** One change of a call, with the call as the change left it. */
export interface StateChanged {
  readonly type: StateEventType;
  readonly at: EpochMs;
  readonly call: Call;
  /** Who caused it; absent if a timer did. */
  readonly by?: Person;
  /** The handset that they caused it from, if it is known. */
  readonly on?: Handset;
  readonly reason?: string;
  /** The member whom it is about. */
  readonly about?: string;
  /** The members that changed: in large calls the event carries these alone. */
  readonly changed: ReadonlySet<string>;
  /**
   * Set if it tells a connection what it has missed. `isElsewhere`: it has only opened since, and its user is in another call.
   */
  readonly late?: { readonly isElsewhere: boolean };
}

/** Whether it is the one event that says that a call is over, or the ring of whoever is told: others lead to it. */
export const saysEnd = (event: CallEvent): event is StateChanged =>
  'late' in event && event.late !== undefined
    ? !event.late.isElsewhere && event.type !== 'call.accepted'
    : event.type === 'call.ended';

/** The user of a connection that opens is in a live call: what its app forgot, it can go on with or end. */
export interface CallActive {
  readonly type: 'call.active';
  readonly at: EpochMs;
  readonly call: Call;
  readonly changed: ReadonlySet<string>;
  /** Whether the handset that takes part in the call is not connected. */
  readonly resumable: boolean;
  /** Whether this connection belongs to that handset. */
  readonly isHere: boolean;
}

/** A phone of `by` really rings. */
export interface PhoneRings {
  readonly type: 'call.ringing';
  readonly at: EpochMs;
  readonly cid: string;
  readonly by: Person;
}

/** None of the phones of `userId` can ring, for now. */
export interface Unreachable {
  readonly type: 'call.unreachable';
  readonly at: EpochMs;
  readonly cid: string;
  readonly call: Call;
  readonly userId: string;
  readonly reason: UnreachableReason;
}

/** SDP or candidates from another member. */
export interface SignalRelayed {
  readonly type: 'signal';
  readonly cid: string;
  /** The call as it stood once the signal was kept. */
  readonly call: Call;
  readonly signal: Signal;
}

/** The user has opened more connections than they may have: this one, the oldest, is closed. */
export interface ConnectionReplaced {
  readonly type: 'connection.replaced';
  readonly at: EpochMs;
}

/** What a connection is told. Each dialect puts it into its own words, or has none for it. */
export type CallEvent =
  | Connected
  | ConnectionReplaced
  | StateChanged
  | CallActive
  | PhoneRings
  | Unreachable
  | SignalRelayed;
