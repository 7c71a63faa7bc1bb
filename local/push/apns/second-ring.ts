import { isObject } from '../../json.ts';
import type { PushRecord } from '../push-log.ts';
import { isVoip } from './request-rules.ts';

/** Why iOS would terminate the app over a VoIP push that was just accepted: the same ring has already woken this device. */
export function secondRing(push: PushRecord, earlier: readonly PushRecord[]): string | undefined {
  const ring = ringOf(push);
  if (ring === undefined) return undefined;
  const first = earlier.find((other) => ringOf(other) === ring && other.headers['apns-id'] !== push.headers['apns-id']);
  return first && `${ring} was already pushed at ${first.at}`;
}

function ringOf({ status, delivered_at, headers, body }: PushRecord): string | undefined {
  const taken = status === 200 || delivered_at !== undefined;
  if (!taken || !isVoip(headers) || !isObject(body)) return undefined;
  const { call_cid: call, ring_id: ring } = body;
  return typeof call === 'string' ? `call ${call}, ring ${String(ring)}` : undefined;
}
