import * as z from 'zod';
import { ENDED_REASONS } from '#domain/call/call.ts';
import { jwt, moment, person } from '../../basics.ts';
import { call, callInFrame, member } from '../../call.ts';
import { candidate, candidates } from '../../fields.ts';
import { iceServer } from '../../rest/answers.ts';
import { errorCode, fieldError } from '../../rest/problem.ts';
import { frameId } from './frames.ts';

/** The fields of every event of a call. */
const onCall = <Type extends string>(type: Type) =>
  z.strictObject({
    type: z.literal(type),
    created_at: moment,
    call_cid: z.string(),
    call_id: z.string(),
    call_type: z.string(),
    user: person.exactOptional(),
  });

/** The call after a change. */
const state = { ...callInFrame.shape, version: z.int().min(1) };

const from = { from_user_id: z.string(), seq: z.int().min(1).exactOptional() };

/** Said of a call that its caller replaced by ringing again. */
const replaced = z.literal('replaced');

/** The state events. Each one reports one change of the call. */
export const stateEvents = {
  'call.ring': onCall('call.ring').extend({
    ...state,
    video: z.boolean(),
    expires_at: moment,
    ring_id: z.string(),
  }),
  'call.active': onCall('call.active').extend({ ...state, resumable: z.boolean() }),
  'call.accepted': onCall('call.accepted').extend({ ...state, answered_by: z.strictObject({ user_id: z.string() }) }),
  'call.rejected': onCall('call.rejected').extend({ ...state, reason: z.string() }),
  'call.cancelled': onCall('call.cancelled').extend({ ...state, reason: replaced.exactOptional() }),
  'call.missed': onCall('call.missed').extend(state),
  'call.member_added': onCall('call.member_added').extend({ ...state, user_id: z.string() }),
  'call.member_left': onCall('call.member_left').extend({ ...state, user_id: z.string() }),
  'call.ended': onCall('call.ended').extend({
    ...state,
    reason: z.union([z.enum(ENDED_REASONS), replaced]),
  }),
} as const;

/** Relayed signals. */
export const signalEvents = {
  'sdp.offer': onCall('sdp.offer').extend({ ...from, sdp: z.string() }),
  'sdp.answer': onCall('sdp.answer').extend({ ...from, sdp: z.string() }),
  'ice.candidate': onCall('ice.candidate').extend({
    ...from,
    ...candidate().partial().shape,
    candidates: candidates().exactOptional(),
  }),
} as const;

/** Every event that a client may get, by its `type`. */
export const events = {
  'user.connected': z.strictObject({
    type: z.literal('user.connected'),
    created_at: moment,
    connection_id: z.string(),
    user: person.extend({ online: z.literal(true) }),
    ice_servers: z.array(iceServer).readonly(),
    server_time: moment,
    call_token: jwt.exactOptional(),
  }),
  'connection.replaced': z.strictObject({ type: z.literal('connection.replaced'), created_at: moment }),
  ...stateEvents,
  'call.ringing': onCall('call.ringing'),
  'call.unreachable': onCall('call.unreachable').extend({
    user_id: z.string(),
    reason: z.enum(['no_devices', 'all_tokens_dead', 'push_rejected']),
  }),
  ...signalEvents,
} as const;

/** The answer to a ping. */
export const pong = z.strictObject({ type: z.literal('pong') });

const response = { type: z.literal('response'), id: frameId, ok: z.literal(true) };

/** The answer to an accepted signal. */
export const plainResponse = z.strictObject(response);

/** The answer to a command on a call. */
export const callResponse = callInFrame.extend(response);

/** The answer to `call.accept`. */
export const acceptResponse = callResponse.extend({ call_token: jwt.exactOptional() });

/** Every answer to an accepted frame. */
export const responses = z.union([plainResponse, acceptResponse]);

/** The answer to a refused frame. `id` and `for` are the `id` and `type` of that frame, as far as they could be read. */
export const errorFrame = z.strictObject({
  type: z.literal('error'),
  id: frameId.exactOptional(),
  for: z.string().exactOptional(),
  error: z.strictObject({
    code: errorCode,
    message: z.string(),
    errors: z.array(fieldError).exactOptional(),
    request_id: z.uuid().exactOptional(),
    retry_after_s: z.int().min(1).exactOptional(),
  }),
  call: call.exactOptional(),
  members: z.array(member).exactOptional(),
  members_omitted: callInFrame.shape.members_omitted,
});
