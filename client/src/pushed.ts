/** The call that a push is about. */
export interface PushedCall {
  readonly cid: string;
  readonly type: string;
  readonly id: string;
  /** The one id of the call on the phone: for CallKit, Telecom and notifications. */
  readonly uuid: string;
  readonly ringId: string;
  readonly callerId: string;
  readonly callerName: string;
  /** The address of the caller's picture, if their token has one. */
  readonly callerImage?: string;
  /** The user whom the push is for. */
  readonly receiverId: string;
  readonly video: boolean;
  /** In ms since 1970, as is `expiresAt`. */
  readonly sentAt: number;
  /** From then on the phone must not ring. */
  readonly expiresAt: number;
}

/** Ring, now. */
export interface RingPushed {
  readonly kind: 'ring';
  readonly call: PushedCall;
  /** What `Carillon.fromPush` and `declinePush` need. Keep it out of logs. */
  readonly wakeToken: string;
}

/** Stop ringing. */
export interface StopPushed {
  readonly kind: 'stop';
  readonly call: PushedCall;
  readonly reason: 'answered_elsewhere' | 'declined_elsewhere' | 'cancelled' | 'missed' | 'ended';
  /** Whether to show a missed call as well. */
  readonly notify: boolean;
}

/** Show a missed call; this phone did not ring for it. */
export interface MissedPushed {
  readonly kind: 'missed';
  readonly call: PushedCall;
}

/** Not for this app, or not for this user: `call` is there if it is a call of another user. */
export interface ForeignPushed {
  readonly kind: 'foreign';
  readonly call?: PushedCall;
}

/** Nothing to do: its ring is over (`expired`), was stopped before it came (`stopped`), or it came twice (`duplicate`). */
export interface StalePushed {
  readonly kind: 'stale';
  readonly call: PushedCall;
  readonly why: 'expired' | 'stopped' | 'duplicate';
}

/** What a push says. */
export type Pushed = RingPushed | StopPushed | MissedPushed | ForeignPushed | StalePushed;
