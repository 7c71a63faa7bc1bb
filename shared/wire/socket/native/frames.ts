import * as z from 'zod';
import { REJECT_REASONS } from '#domain/call/call.ts';
import {
  answer,
  callCid,
  callId,
  callType,
  custom,
  hardwareId,
  ice,
  members,
  offer,
  sdp,
  seq,
  settingsOverride,
  userId,
} from '../../fields.ts';

/** The id by which a command is answered. */
export const frameId = z.union([z.string().max(128), z.number()]);

/** What every frame of a client has. */
export const envelope = z.object({ type: z.string(), id: frameId.optional() });

const onCall = z.object({ call_cid: callCid });

/** The frames that the command function takes, by their `type`. */
export const commandFrames = {
  'call.ring': z.object({
    call_type: callType.default('default'),
    call_id: callId,
    members: members.optional(),
    video: z.boolean().optional(),
    custom: custom.optional(),
    settings_override: settingsOverride.optional(),
    offer: offer.optional(),
  }),
  'call.accept': onCall.extend({ answer: answer.optional() }),
  'call.reject': onCall.extend({ reason: z.enum(REJECT_REASONS).default('decline') }),
  'call.cancel': onCall,
  'call.leave': onCall,
  'call.end': onCall,
  'call.ringing': onCall,
} as const;

const target = { target_user_id: userId.optional(), seq: seq.optional() };

/** The frames that the signal function takes, by their `type`. */
export const signalFrames = {
  'sdp.offer': onCall.extend({ sdp, ...target }),
  'sdp.answer': onCall.extend({ sdp, ...target }),
  'ice.candidate': ice.safeExtend({ ...onCall.shape, ...target }),
} as const;

/** `/ws?hardware_id=` */
export const connectQuery = z.object({ hardware_id: hardwareId.optional() });
