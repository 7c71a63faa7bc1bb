import * as z from 'zod';
import { type Call, isCreator, membersOf } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { type EpochMs, iso } from '#domain/time.ts';
import type { MediaCredential } from '#ports/media-provider.ts';
import { jwt, moment } from '../basics.ts';
import { callId, hardwareId, optional, optionalOr, userId } from '../fields.ts';

// The REST API of the dialect `sessions`: hosted calls, in the words of the clients that ask here.

const callType = z.enum(['VIDEO', 'AUDIO']);
const role = z.enum(['HOST', 'AUDIENCE']);

/** What somebody joins the channel as. Both may publish. */
export type SessionRole = z.infer<typeof role>;

/** The path of every route on one session. */
export const sessionPath = z.object({ id: callId });

/** `POST /api/v1/calls/session` */
export const createSessionRequest = z.object({
  recipientId: userId,
  callType: optionalOr(callType, 'VIDEO'),
  hardware_id: optional(hardwareId),
});

/** `POST /api/v1/calls/session/{id}/token` */
export const sessionTokenRequest = z.object({ role: optional(role), hardware_id: optional(hardwareId) });

/** `POST /api/v1/calls/session/{id}/decline`, `…/end` */
export const sessionRequest = z.object({ hardware_id: optional(hardwareId) });

const STATUSES = ['INITIATED', 'RINGING', 'ACTIVE', 'ENDED', 'REJECTED', 'MISSED', 'CANCELLED'] as const;
type SessionStatus = (typeof STATUSES)[number];

const session = z.strictObject({
  id: z.string(),
  channelName: z.string(),
  initiatorId: z.string(),
  recipientId: z.string(),
  callType,
  status: z.enum(STATUSES),
  createdAt: moment,
  answeredAt: moment.exactOptional(),
  endedAt: moment.exactOptional(),
});

const credential = z.strictObject({
  appId: z.string(),
  channelName: z.string(),
  token: z.string(),
  userAccount: z.string(),
  role,
  expiresAt: moment,
});

/** A session. */
export const sessionAnswer = z.strictObject({ session });

/** A session, and what its channel is joined with. */
export const joinedSession = sessionAnswer.extend({ credential, callToken: jwt.exactOptional() });

/** What a session is to somebody who asks for it: a hosted call, and its channel. */
export interface SeenCall {
  readonly call: Call;
  readonly channelName: string;
  /** Whether this request has answered it: to its own client it rings until it has joined the channel. */
  readonly isAnswer?: boolean;
}

/** A hosted call as a session. */
export const sessionView = ({ call, channelName, isAnswer = false }: SeenCall): z.infer<typeof session> => ({
  id: call.id,
  channelName,
  initiatorId: call.createdBy.id,
  recipientId: membersOf(call).find(({ userId: id }) => !isCreator(call, id))?.userId ?? '',
  callType: call.video ? 'VIDEO' : 'AUDIO',
  status: isAnswer ? 'RINGING' : statusOf(call),
  createdAt: iso(call.createdAt),
  ...defined({ answeredAt: isoIfAny(call.acceptedAt), endedAt: isoIfAny(call.endedAt) }),
});

/** What the channel of a session is joined with. */
export const credentialView = (made: MediaCredential, as: SessionRole): z.infer<typeof credential> => ({
  ...made,
  role: as,
  expiresAt: iso(made.expiresAt),
});

const isoIfAny = (at: EpochMs | undefined): string | undefined => (at === undefined ? undefined : iso(at));

function statusOf({ status, endedReason }: Call): SessionStatus {
  switch (status) {
    case 'created':
    case 'ringing':
      return 'INITIATED';
    case 'active':
      return 'ACTIVE';
    case 'ended':
      return endedReason === undefined ? 'ENDED' : ENDED[endedReason];
  }
}

const ENDED: Readonly<Record<NonNullable<Call['endedReason']>, SessionStatus>> = {
  completed: 'ENDED',
  failed: 'ENDED',
  rejected: 'REJECTED',
  missed: 'MISSED',
  cancelled: 'CANCELLED',
};
