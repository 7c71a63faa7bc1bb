import * as z from 'zod';
import { type Call, isCreator, membersOf } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { once } from '#domain/once.ts';
import { type EpochMs, iso } from '#domain/time.ts';
import type { MediaCredential } from '#ports/media-provider.ts';
import { jwt, moment } from '../basics.ts';
import { callId, hardwareId, optional, optionalOr, userId } from '../fields.ts';

// The REST API of the dialect `sessions`: hosted calls, in the words of the clients that ask here.

const callType = /* @__PURE__ */ once(() => z.enum(['VIDEO', 'AUDIO']));
const role = /* @__PURE__ */ once(() => z.enum(['HOST', 'AUDIENCE']));

/** What somebody joins the channel as. Both may publish. */
export type SessionRole = z.infer<ReturnType<typeof role>>;

/** The path of every route on one session. */
export const sessionPath = /* @__PURE__ */ once(() => z.object({ id: callId }));

/** `POST /api/v1/calls/session` */
export const createSessionRequest = /* @__PURE__ */ once(() =>
  z.object({
    recipientId: userId,
    callType: optionalOr(callType(), 'VIDEO'),
    hardware_id: optional(hardwareId),
  }),
);

/** `POST /api/v1/calls/session/{id}/token` */
export const sessionTokenRequest = /* @__PURE__ */ once(() =>
  z.object({ role: optional(role()), hardware_id: optional(hardwareId) }),
);

/** `POST /api/v1/calls/session/{id}/decline`, `…/end` */
export const sessionRequest = /* @__PURE__ */ once(() => z.object({ hardware_id: optional(hardwareId) }));

const STATUSES = ['INITIATED', 'RINGING', 'ACTIVE', 'ENDED', 'REJECTED', 'MISSED', 'CANCELLED'] as const;
type SessionStatus = (typeof STATUSES)[number];

const session = /* @__PURE__ */ once(() =>
  z.strictObject({
    id: z.string(),
    channelName: z.string(),
    initiatorId: z.string(),
    recipientId: z.string(),
    callType: callType(),
    status: z.enum(STATUSES),
    createdAt: moment,
    answeredAt: moment.exactOptional(),
    endedAt: moment.exactOptional(),
  }),
);

const credential = /* @__PURE__ */ once(() =>
  z.strictObject({
    appId: z.string(),
    channelName: z.string(),
    token: z.string(),
    userAccount: z.string(),
    role: role(),
    expiresAt: moment,
  }),
);

/** A session. */
export const sessionAnswer = /* @__PURE__ */ once(() => z.strictObject({ session: session() }));

/** A session, and what its channel is joined with. */
export const joinedSession = /* @__PURE__ */ once(() =>
  sessionAnswer().extend({ credential: credential(), callToken: jwt.exactOptional() }),
);

/** What a session is to somebody who asks for it: a hosted call, and its channel. */
export interface SeenCall {
  readonly call: Call;
  readonly channelName: string;
  /** Whether this request has answered it: to its own client it rings until it has joined the channel. */
  readonly isAnswer?: boolean;
}

/** A hosted call as a session. */
export const sessionView = ({
  call,
  channelName,
  isAnswer = false,
}: SeenCall): z.infer<ReturnType<typeof session>> => ({
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
export const credentialView = (made: MediaCredential, as: SessionRole): z.infer<ReturnType<typeof credential>> => ({
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
