import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { isOversizedSignal } from './fields.ts';

/** A signal as it was sent, parsed. */
interface Sent {
  readonly sdp?: string;
  readonly candidate?: string | undefined;
  readonly sdpMid?: string | null | undefined;
  readonly sdpMLineIndex?: number | null | undefined;
  readonly candidates?: readonly object[] | undefined;
}

/** The part of a signal that is relayed unchanged. It is refused if it would not fit into a frame. */
export function signalBody({
  sdp,
  candidate,
  sdpMid,
  sdpMLineIndex,
  candidates,
}: Sent): Readonly<Record<string, unknown>> {
  const ofOne = candidate === undefined ? {} : { candidate, sdpMid, sdpMLineIndex };
  const relayed = defined({ sdp, ...ofOne, candidates });
  if (isOversizedSignal(sdp ?? candidates ?? candidate ?? '', relayed))
    throw new ServiceError('payload_too_large', "a signal's text is at most 24 KiB");
  return relayed;
}
