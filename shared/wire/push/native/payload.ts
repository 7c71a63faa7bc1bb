import type * as z from 'zod';
import { type Call, splitCid } from '#domain/call/call.ts';
import { STOP_REASON, type StopType } from '#domain/call/effects.ts';
import type { EpochMs } from '#domain/time.ts';
import { callUuid } from '../../views.ts';
import type { missedPush, ringPush, stopPush } from '../schemas.ts';

interface About {
  readonly call: Call;
  readonly receiverId: string;
  readonly ringId: string;
  readonly now: EpochMs;
  readonly expiresAt: EpochMs;
}

const payload = <Type extends string>(type: Type, { call, receiverId, ringId, now, expiresAt }: About) => {
  const { type: callType, id } = splitCid(call.cid);
  return {
    sender: 'carillon' as const,
    version: '1' as const,
    type,
    call_cid: call.cid,
    call_id: id,
    call_type: callType,
    call_uuid: callUuid(call.cid),
    ring_id: ringId,
    created_by_id: call.createdBy.id,
    created_by_name: call.createdBy.name ?? call.createdBy.id,
    receiver_id: receiverId,
    video: call.video ? ('true' as const) : ('false' as const),
    sent_at: String(now),
    expires_at: String(expiresAt),
  };
};

/** A ring, with the token that lets a killed app take part. */
export const ringPayload = (about: About, wakeToken: string): z.infer<typeof ringPush> => ({
  ...payload('call.ring', about),
  wake_token: wakeToken,
});

/** The end of a ring. With `notify` it is the missed-call notice, too. */
export const stopPayload = (about: About, type: StopType, notify: boolean): z.infer<typeof stopPush> => ({
  ...payload(type, about),
  reason: STOP_REASON[type],
  ...(notify && { notify: 'true' as const }),
});

/** The notice of a call that a phone did not ring for. */
export const missedPayload = (about: About): z.infer<typeof missedPush> => payload('call.missed', about);
