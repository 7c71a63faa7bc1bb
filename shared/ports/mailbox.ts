import type { EpochMs } from '#domain/time.ts';

export const SIGNAL_TYPES = ['sdp.offer', 'sdp.answer', 'ice.candidate'] as const;
export type SignalType = (typeof SIGNAL_TYPES)[number];

/** SDP or candidates on their way from one member to another. */
export interface Signal {
  readonly type: SignalType;
  readonly from: string;
  readonly fromName?: string;
  readonly at: EpochMs;
  readonly seq?: number;
  /** What was sent, as it is passed on: `{sdp}`, `{candidate, sdpMid, …}` or `{candidates}`. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Whose signals wait: a member of a call, by their latest ring, so that a new ring starts clean. */
export interface MailboxRef {
  readonly cid: string;
  readonly userId: string;
  /** Absent for members whom nobody has rung. */
  readonly ringId?: string | undefined;
}

/** Signals that wait for a phone that is waking up or reconnecting. They expire by themselves. */
export interface Mailbox {
  /** Keeps a signal for two minutes, or until `until` if that is later. */
  keep(of: MailboxRef, signal: Signal, until?: EpochMs): Promise<void>;
  /** The signals that wait, in the order of their delivery. */
  read(of: MailboxRef): Promise<Signal[]>;
}
