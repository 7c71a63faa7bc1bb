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

/** Signals that wait for a phone that is waking up or reconnecting. They expire by themselves. */
export interface Mailbox {
  keep(cid: string, to: string, signal: Signal): Promise<void>;
  /** The signals for `to`, in the order of their delivery. */
  read(cid: string, to: string): Promise<Signal[]>;
}
