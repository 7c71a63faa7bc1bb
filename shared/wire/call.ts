import * as z from 'zod';
import { CALL_STATUSES, ENDED_REASONS, MEMBER_REASONS, MEMBER_ROLES, MEMBER_STATES } from '#domain/call/call.ts';
import { moment, person } from './basics.ts';

/** A call as clients see it. */
export const call = z.strictObject({
  id: z.string(),
  type: z.string(),
  cid: z.string(),
  call_uuid: z.uuid(),
  created_by: person,
  created_at: moment,
  status: z.enum(CALL_STATUSES),
  video: z.boolean(),
  ring_started_at: moment.exactOptional(),
  ring_expires_at: moment.exactOptional(),
  accepted_at: moment.exactOptional(),
  ended_at: moment.exactOptional(),
  ended_reason: z.enum(ENDED_REASONS).exactOptional(),
  ended_by: z.string().exactOptional(),
  version: z.int().min(1),
  custom: z.record(z.string(), z.unknown()),
});

/** The phone that a member answered on. Only that member and the app's own backend see it. */
export const answeredOn = z.strictObject({
  connection_id: z.string().exactOptional(),
  hardware_id: z.string().exactOptional(),
});

/** A user in a call. */
export const member = z.strictObject({
  user_id: z.string(),
  role: z.enum(MEMBER_ROLES),
  state: z.enum(MEMBER_STATES),
  reason: z.enum(MEMBER_REASONS).exactOptional(),
  ring_id: z.string().exactOptional(),
  ring_expires_at: moment.exactOptional(),
  answered_on: answeredOn.exactOptional(),
});

/** The call and all its members. */
export const callResource = z.strictObject({ call, members: z.array(member) });

/** The call and as many of its members as fit into a frame. */
export const callInFrame = callResource.extend({ members_omitted: z.int().min(1).exactOptional() });
