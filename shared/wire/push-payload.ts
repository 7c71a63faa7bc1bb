import { type Call, splitCid } from '#domain/call.ts';
import { STOP_REASON, type StopType } from '#domain/effects.ts';
import type { EpochMs } from '#domain/time.ts';
import { callUuid } from './views.ts';

/** The keys of a push, the same on every platform; every value is a string. */
export type PushPayload = Readonly<Record<string, string>>;

interface About {
  readonly call: Call;
  readonly receiverId: string;
  readonly ringId: string;
  readonly now: EpochMs;
  readonly expiresAt: EpochMs;
}

const payload = (type: string, { call, receiverId, ringId, now, expiresAt }: About): PushPayload => {
  const { type: callType, id } = splitCid(call.cid);
  return {
    sender: 'carillon',
    version: '1',
    type,
    call_cid: call.cid,
    call_id: id,
    call_type: callType,
    call_uuid: callUuid(call.cid),
    ring_id: ringId,
    created_by_id: call.createdBy.id,
    created_by_name: call.createdBy.name ?? call.createdBy.id,
    receiver_id: receiverId,
    video: String(call.video),
    sent_at: String(now),
    expires_at: String(expiresAt),
  };
};

/** A ring, with the token by which a phone that was killed takes part. */
export const ringPayload = (about: About, wakeToken: string): PushPayload => ({
  ...payload('call.ring', about),
  wake_token: wakeToken,
});

/** The end of a ring; with `notify` it is the missed-call notice, too. */
export const stopPayload = (about: About, type: StopType, notify: boolean): PushPayload => ({
  ...payload(type, about),
  reason: STOP_REASON[type],
  ...(notify && { notify: 'true' }),
});

/** A call that a phone did not ring for. */
export const missedPayload = (about: About): PushPayload => payload('call.missed', about);
