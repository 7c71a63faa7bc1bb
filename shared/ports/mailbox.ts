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
  /** What was sent, as it goes out: `{sdp}`, `{candidate, sdpMid, …}` or `{candidates}`. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Signals that wait for a phone that is being woken or reconnects; they expire by themselves. */
export interface Mailbox {
  keep(cid: string, to: string, signal: Signal): Promise<void>;
  /** What is kept for `to`, in the order in which it is to be delivered. */
  read(cid: string, to: string): Promise<Signal[]>;
}
