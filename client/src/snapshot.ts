import type { EndReason, Participation } from './participation.ts';
import { membersOf } from './picture.ts';
import type { Member, Person } from './wire.ts';

/** How a call stands for this handset, at one moment. */
export interface CallSnapshot {
  /** `<type>:<id>`, which names the call everywhere. */
  readonly cid: string;
  readonly type: string;
  readonly id: string;
  /** The call as a UUID, for CallKit and Telecom; absent until the server has been heard. */
  readonly uuid?: string;
  /**
   * `ringing`: this handset rings, or nobody has answered it yet. `active`: this handset is in the call. `ended`: it is
   * over for this handset, and `reason` says why; the call may go on elsewhere. `created`: nobody has been rung yet.
   */
  readonly status: 'created' | 'ringing' | 'active' | 'ended';
  readonly reason?: EndReason;
  /** Whether this user placed the call. */
  readonly outgoing: boolean;
  readonly video: boolean;
  /** Who created the call. */
  readonly createdBy?: Person;
  /** Everybody in the call, this user included. */
  readonly members: readonly Member[];
  readonly custom: Readonly<Record<string, unknown>>;
  /** When the ring ends, in ms of the server's clock (`carillon.now()`). */
  readonly ringExpiresAt?: number;
  readonly acceptedAt?: number;
  readonly version: number;
}

/** A snapshot of a handset's part in a call. */
export function snapshotOf(cid: string, part: Participation): CallSnapshot {
  const { picture, phase, reason, outgoing, deadline } = part;
  const call = picture?.call;
  const [type = '', id = ''] = cid.split(':');
  const ringExpiresAt = deadline ?? momentOf(call?.ring_expires_at);
  const acceptedAt = momentOf(call?.accepted_at);
  return Object.freeze({
    cid,
    type,
    id,
    ...(call && { uuid: call.call_uuid, createdBy: call.created_by }),
    status: statusOf(part),
    ...(phase === 'over' && reason && { reason }),
    outgoing,
    video: call?.video ?? false,
    members: Object.freeze(picture ? membersOf(picture) : []),
    custom: call?.custom ?? {},
    ...(ringExpiresAt !== undefined && { ringExpiresAt }),
    ...(acceptedAt !== undefined && { acceptedAt }),
    version: call?.version ?? 0,
  });
}

/** In a group that others have answered already, this handset may still ring. */
function statusOf({ phase, picture }: Participation): CallSnapshot['status'] {
  if (phase === 'over') return 'ended';
  if (phase === 'in' || phase === 'resumable') return picture?.call.status ?? 'active';
  return 'ringing';
}

const momentOf = (iso: string | undefined): number | undefined => (iso === undefined ? undefined : Date.parse(iso));
