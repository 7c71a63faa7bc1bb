import type * as z from 'zod';
import { splitCid } from '#domain/call/call.ts';
import { STOP_REASON } from '#domain/call/effects.ts';
import type { Push } from '#ports/push-sender.ts';
import { callUuid } from '../../views.ts';
import type { missedPush, ringPush, stopPush } from '../schemas.ts';

type NativePush = z.infer<typeof ringPush> | z.infer<typeof stopPush> | z.infer<typeof missedPush>;

/** The keys of a push in Carillon's own format; `receiverId` is the user whom it is for. */
export function nativePush(push: Push, receiverId: string): NativePush {
  switch (push.kind) {
    case 'ring':
      return { ...common('call.ring', push, receiverId), wake_token: push.wakeToken };
    case 'stop':
      return {
        ...common(push.type, push, receiverId),
        reason: STOP_REASON[push.type],
        ...(push.notify && { notify: 'true' as const }),
      };
    case 'missed':
      return common('call.missed', push, receiverId);
  }
}

const common = <Type extends string>(type: Type, push: Push, receiverId: string) => {
  const { type: callType, id } = splitCid(push.cid);
  return {
    sender: 'carillon' as const,
    version: '1' as const,
    type,
    call_cid: push.cid,
    call_id: id,
    call_type: callType,
    call_uuid: callUuid(push.cid),
    ring_id: push.ringId,
    created_by_id: push.caller.id,
    created_by_name: push.caller.name ?? push.caller.id,
    ...(push.caller.image !== undefined && { created_by_image: push.caller.image }),
    receiver_id: receiverId,
    video: push.video ? ('true' as const) : ('false' as const),
    sent_at: String(push.sentAt),
    expires_at: String(push.expiresAt),
  };
};
