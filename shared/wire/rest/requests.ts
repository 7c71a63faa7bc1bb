import * as z from 'zod';
import { CALL_STATUSES } from '#domain/call/call.ts';
import { once } from '#domain/once.ts';
import { ID_TYPES, PUSH_PROVIDERS } from '#domain/push-token/token.ts';
import { epochMs } from '#domain/time.ts';
import { DELIVERY_STATUSES } from '#ports/webhook-log.ts';
import {
  answer,
  appVersion,
  callId,
  callType,
  custom,
  displayName,
  findings,
  hardwareId,
  ice,
  members,
  offer,
  optional,
  optionalParameter,
  optionalRejectReason,
  providerName,
  ringId,
  seq,
  settingsOverride,
  subscriptionKey,
  userId,
  wholeParameterOr,
} from '../fields.ts';
import { newPushToken, notAToken, notSubscriptionKey, pushToken } from './push-token.ts';

const NO_USER_ID = 'userId is required';

/** `POST /v1/api/callStreams` */
export const mintTokenRequest = once(() =>
  z.object({
    userId: z
      .string({ error: ({ input }) => ((input ?? undefined) === undefined ? NO_USER_ID : 'userId must be a string') })
      .min(1, NO_USER_ID)
      .pipe(userId),
    name: optional(displayName),
  }),
);

/** The path of every route on one call. */
export const callPath = once(() => z.object({ type: callType, id: callId }));

/** `POST /api/v2/video/call/{type}/{id}` */
export const createCallRequest = once(() =>
  z.object({
    members: optional(members()),
    ring: optional(z.boolean()),
    video: optional(z.boolean()),
    data: optional(z.object({ custom: optional(custom()), created_by_id: optional(userId) })),
    settings_override: optional(settingsOverride()),
    hardware_id: optional(hardwareId),
    offer: optional(offer()),
  }),
);

/** A cursor of a history: when a call was created, and which call it is. */
const CURSOR = /^\d{4}-\d\d-\d\dT[\d:.]{1,16}Z#[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,128}$/;

const listedStatus = once(() => optionalParameter(z.enum([...CALL_STATUSES, 'missed'])));
const listedLimit = once(() => wholeParameterOr(25, 1, 100));

/** A place in the table as clients have it. */
const encodedPlace = (isOurs: (place: string) => boolean, error: string) =>
  z
    .base64url()
    .max(512)
    .transform((text) => Buffer.from(text, 'base64url').toString())
    .refine(isOurs, error);

/** The `next` of an earlier page: a cursor that `isOurs` knows. */
const nextOf = (isOurs: (cursor: string) => boolean) =>
  optionalParameter(encodedPlace(isOurs, 'is not a cursor that this API returned'));

/** `GET /api/v2/video/calls` */
export const listCallsQuery = once(() =>
  z.object({
    status: listedStatus(),
    limit: listedLimit(),
    next: nextOf((cursor) => CURSOR.test(cursor)),
  }),
);

/** Where a list of the stage's calls goes on: behind a call, or before a moment. */
const STAGE_CURSOR = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?:#[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,128})?$/;

const when = once(() =>
  z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time, such as 2026-11-20T10:35:00Z' })
    .transform((text) => epochMs(Date.parse(text))),
);

/** `GET /api/v2/calls` */
export const listStageCallsQuery = once(() =>
  z.object({
    status: listedStatus(),
    user_id: optionalParameter(userId),
    from: optionalParameter(when()),
    to: optionalParameter(when()),
    limit: listedLimit(),
    next: nextOf((cursor) => STAGE_CURSOR.test(cursor) && !Number.isNaN(Date.parse(cursor.slice(0, 24)))),
  }),
);

/** Where the log has a delivery to a webhook: when its event came about, the webhook, and the event. */
const DELIVERY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f]{16}#[\x21-\x7e]{1,128}$/;

/** `GET /api/v2/webhooks/deliveries` */
export const listDeliveriesQuery = once(() =>
  z.object({
    status: optionalParameter(z.enum(DELIVERY_STATUSES)),
    webhook: optionalParameter(z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits')),
    limit: listedLimit(),
    next: nextOf((cursor) => DELIVERY.test(cursor)),
  }),
);

/** `/api/v2/webhooks/deliveries/{delivery_id}` */
export const deliveryPath = once(() =>
  z.object({
    delivery_id: encodedPlace((place) => DELIVERY.test(place), 'is not an id that this API returned'),
  }),
);

/** `PUT /api/v2/doctor` */
export const keepCheckupRequest = once(() => z.object({ findings: findings() }));

/** A cursor of a history as clients get it. */
export const nextToken = (cursor: string): string => Buffer.from(cursor).toString('base64url');

/** `POST …/ring` */
export const ringRequest = once(() =>
  z.object({ ring_id: optional(ringId), member_ids: optional(z.array(userId).min(1)) }),
);

/** `POST …/members` */
export const addMembersRequest = once(() => z.object({ members: members().min(1), ring: optional(z.boolean()) }));

/** `POST …/accept` */
export const acceptRequest = once(() =>
  z.object({
    hardware_id: optional(hardwareId),
    ring_id: optional(ringId),
    answer: optional(answer()),
  }),
);

/** `POST …/reject` */
export const rejectRequest = once(() =>
  z.object({
    reason: optionalRejectReason(),
    hardware_id: optional(hardwareId),
    ring_id: optional(ringId),
  }),
);

/** `POST …/ringing`, `…/mark_ended` */
export const handsetRequest = once(() => z.object({ hardware_id: optional(hardwareId) }));

/** `POST …/leave`: `end_call`, or `endCall`, ends the call for everybody. */
export const leaveRequest = once(() =>
  handsetRequest().extend({
    end_call: optional(z.boolean()),
    endCall: optional(z.boolean()),
  }),
);

const target = once(() => ({ target_user_id: optional(userId), seq: optional(seq) }));

/** `POST …/sdp/offer` */
export const offerRequest = once(() => offer().extend({ type: z.literal('offer'), ...target() }));

/** `POST …/sdp/answer` */
export const answerRequest = once(() => answer().extend({ type: z.literal('answer'), ...target() }));

/** `POST …/ice` */
export const iceRequest = once(() => ice().safeExtend(target()));

/** `POST /api/v2/devices`. An optional field that is absent keeps what it was; for a new device it is the default. */
export const registerDeviceRequest = once(() =>
  z
    .object({
      /** The push token. For Web Push it is the endpoint of the subscription. */
      id: newPushToken(),
      push_provider: z.enum(PUSH_PROVIDERS),
      push_provider_name: optional(providerName),
      /** Whether it is a PushKit token. */
      voip_token: optional(z.boolean()),
      /** `fid`: `id` is an FCM installation id. */
      id_type: optional(z.enum(ID_TYPES)),
      hardware_id: optional(hardwareId),
      app_version: optional(appVersion),
      /** Whether it is the APNs token of a development build. */
      sandbox: optional(z.boolean()),
      keys: optional(z.object({ p256dh: subscriptionKey, auth: subscriptionKey })),
      user_id: optional(userId),
    })
    .superRefine(({ id, push_provider, keys }, context) => {
      const refuse = (path: string[], message: string | undefined) =>
        message !== undefined && context.addIssue({ code: 'custom', path, message });
      refuse(['id'], notAToken(push_provider, id));
      if (push_provider !== 'webpush' || !keys) return;
      refuse(['keys', 'p256dh'], notSubscriptionKey('p256dh', keys.p256dh));
      refuse(['keys', 'auth'], notSubscriptionKey('auth', keys.auth));
    }),
);

/** `/api/v2/users/{user_id}` */
export const userPath = once(() => z.object({ user_id: userId }));

/** `DELETE /api/v2/devices?id=` */
export const removeDeviceQuery = once(() => z.object({ id: pushToken() }));

/** `PUT /api/v2/preferences` */
export const preferencesRequest = once(() =>
  z.object({
    do_not_disturb: z.union(
      [
        z.boolean(),
        z.object({ until: z.iso.datetime({ offset: true }).transform((text) => epochMs(Date.parse(text))) }),
      ],
      { error: 'must be true, false or {"until": <an ISO 8601 time>}' },
    ),
  }),
);
