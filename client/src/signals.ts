import type { Notice, SignalEvent } from './frames.ts';
import type { Candidate } from './wire.ts';

/** An ICE candidate, as `RTCIceCandidate.toJSON()` makes it; null after the last one. */
export type IceCandidate = Candidate | '' | null;

/** What another member of the call has sent. */
export type Signal =
  | { readonly type: 'offer' | 'answer'; readonly from: string; readonly sdp: string }
  | { readonly type: 'candidates'; readonly from: string; readonly candidates: readonly IceCandidate[] };

/** What to send to one member, or to all others who take part. */
export type OutgoingSignal =
  | { readonly type: 'offer' | 'answer'; readonly to?: string; readonly sdp: string }
  | { readonly type: 'candidates'; readonly to?: string; readonly candidates: readonly IceCandidate[] };

/** The signal in an event. */
export function signalIn(event: SignalEvent): Signal {
  const { from_user_id: from } = event;
  if (event.type !== 'ice.candidate')
    return { type: event.type === 'sdp.offer' ? 'offer' : 'answer', from, sdp: event.sdp };
  const { candidate, candidates, sdpMid, sdpMLineIndex, usernameFragment } = event;
  if (candidates) return { type: 'candidates', from, candidates };
  const one = { candidate: candidate ?? null, ...given({ sdpMid, sdpMLineIndex, usernameFragment }) };
  return { type: 'candidates', from, candidates: [one] };
}

/** The frame of a signal. */
export function frameOf(signal: OutgoingSignal, call_cid: string, seq: number): Notice {
  const address = { call_cid, seq, ...(signal.to !== undefined && { target_user_id: signal.to }) };
  if (signal.type === 'candidates') return { type: 'ice.candidate', ...address, candidates: [...signal.candidates] };
  return { type: signal.type === 'offer' ? 'sdp.offer' : 'sdp.answer', ...address, sdp: signal.sdp };
}

/** The fields that have a value. */
const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
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
