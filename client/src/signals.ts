import type { Command, Notice, SignalEvent } from './frames.ts';
import type { Candidate } from './wire.ts';

/** An ICE candidate, as `RTCIceCandidate.toJSON()` makes it; null after the last one. */
export type IceCandidate = Candidate | '' | null;

/** What another member of the call has sent. */
export type Signal =
  /** Of two descriptions of one member, the one with the higher `seq` was sent later; they may arrive the other way round. */
  | { readonly type: 'offer' | 'answer'; readonly from: string; readonly sdp: string; readonly seq?: number }
  | { readonly type: 'candidates'; readonly from: string; readonly candidates: readonly IceCandidate[] };

/** A description to send to one member, or to all others who take part. */
interface OutgoingDescription {
  readonly type: 'offer' | 'answer';
  readonly to?: string;
  readonly sdp: string;
}

/** Candidates to send in the same way. */
interface OutgoingCandidates {
  readonly type: 'candidates';
  readonly to?: string;
  readonly candidates: readonly IceCandidate[];
}

/** What a call sends. */
export type OutgoingSignal = OutgoingDescription | OutgoingCandidates;

/** The signal in an event. */
export function signalIn(event: SignalEvent): Signal {
  const { from_user_id: from } = event;
  if (event.type !== 'ice.candidate') {
    const { sdp, seq } = event;
    return { type: event.type === 'sdp.offer' ? 'offer' : 'answer', from, sdp, ...(seq !== undefined && { seq }) };
  }
  const { candidate, candidates, sdpMid, sdpMLineIndex, usernameFragment } = event;
  if (candidates) return { type: 'candidates', from, candidates };
  const one = { candidate: candidate ?? null, ...given({ sdpMid, sdpMLineIndex, usernameFragment }) };
  return { type: 'candidates', from, candidates: [one] };
}

/** The frame of candidates. */
export const candidatesOf = ({ candidates, to }: OutgoingCandidates, call_cid: string, seq: number): Notice => ({
  type: 'ice.candidate',
  ...address(call_cid, seq, to),
  candidates: [...candidates],
});

/** The frame of a description. */
export const descriptionOf = ({ type, sdp, to }: OutgoingDescription, call_cid: string, seq: number): Command => ({
  type: type === 'offer' ? 'sdp.offer' : 'sdp.answer',
  ...address(call_cid, seq, to),
  sdp,
});

const address = (call_cid: string, seq: number, to: string | undefined) => ({
  call_cid,
  seq,
  ...(to !== undefined && { target_user_id: to }),
});

/** The fields that have a value. */
export const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the filter does what the type says

/** Tells a signal that came before: the server may deliver one again to a handset that reconnects. */
export class SeenSignals {
  readonly #seen = new Set<string>();

  /** Whether this one is new. From now on it is not. */
  isNew({ from_user_id, type, ...event }: SignalEvent): boolean {
    // An offer that came with a ring and an answer that came with an accept have no number.
    const text = 'sdp' in event ? event.sdp : JSON.stringify([event.candidate, event.candidates]);
    const name = `${from_user_id} ${event.seq ?? `${type} ${text}`}`;
    return this.#seen.size < this.#seen.add(name).size;
  }
}
