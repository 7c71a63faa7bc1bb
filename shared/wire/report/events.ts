import * as z from 'zod';
import { ENDED_REASONS, MEMBER_STATES } from '#domain/call/call.ts';
import { REPLACED } from '#domain/call/change.ts';
import { PUSH_PROVIDERS } from '#domain/push-token/token.ts';
import { PHONE_OUTCOMES } from '#ports/report.ts';
import { moment, person } from '../basics.ts';
import { call, callInFrame } from '../call.ts';

/** What every event for the app's backend says. */
const about = <Type extends string>(type: Type) =>
  z.strictObject({ id: z.string(), type: z.literal(type), version: z.int().min(1), created_at: moment });

/** A call without the app's own data, which stays out of events. */
export const reportedCall = call.omit({ custom: true });

/** What every event of a call says. */
const onCall = <Type extends string>(type: Type) =>
  about(type).extend({
    call_cid: z.string(),
    call_id: z.string(),
    call_type: z.string(),
    user: person.exactOptional(),
    ...callInFrame.shape,
    call: reportedCall,
  });

const callees = z.array(z.string()).readonly();
const replaced = z.literal(REPLACED);

/** One phone of a callee, and what became of the push that was to ring it. */
export const phone = z.strictObject({ provider: z.string(), device: z.string(), outcome: z.enum(PHONE_OUTCOMES) });

/** A callee of a call that is over. */
export const callee = z.strictObject({ user_id: z.string(), state: z.enum(MEMBER_STATES), phones: z.array(phone) });

/** The record of a call that is over. */
export const record = z.strictObject({
  created_by: person,
  created_at: moment,
  ring_started_at: moment.exactOptional(),
  accepted_at: moment.exactOptional(),
  ended_at: moment.exactOptional(),
  ended_by: z.string().exactOptional(),
  ended_reason: z.enum(ENDED_REASONS).exactOptional(),
  talk_s: z.number().min(0),
  callees: z.array(callee),
});

/** A device, without its token. */
const device = {
  user_id: z.string(),
  provider: z.enum(PUSH_PROVIDERS),
  provider_name: z.string(),
  device: z.string(),
  voip_token: z.boolean(),
  sandbox: z.boolean(),
  hardware_id: z.string().exactOptional(),
};

/** Every event that the app's backend gets, by its `type`. */
export const reportEvents = {
  'call.created': onCall('call.created'),
  'call.ring': onCall('call.ring').extend({ ring_id: z.string(), expires_at: moment, video: z.boolean(), callees }),
  'call.accepted': onCall('call.accepted').extend({ answered_by: z.strictObject({ user_id: z.string() }) }),
  'call.rejected': onCall('call.rejected').extend({ user_id: z.string(), reason: z.string() }),
  'call.cancelled': onCall('call.cancelled').extend({ reason: replaced.exactOptional() }),
  'call.missed': onCall('call.missed').extend({ callees }),
  'call.member_added': onCall('call.member_added').extend({ user_id: z.string() }),
  'call.member_left': onCall('call.member_left').extend({ user_id: z.string() }),
  'call.ended': onCall('call.ended').extend({ reason: z.union([z.enum(ENDED_REASONS), replaced]), record }),
  'device.registered': about('device.registered').extend({ ...device, app_version: z.string().exactOptional() }),
  'device.removed': about('device.removed').extend({ ...device, reason: z.string() }),
  'push.provider_failing': about('push.provider_failing').extend({
    provider: z.enum(PUSH_PROVIDERS),
    provider_name: z.string(),
    reason: z.string(),
  }),
} as const;
