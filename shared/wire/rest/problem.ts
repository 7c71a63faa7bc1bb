import * as z from 'zod';
import type { ErrorCode } from '#domain/errors.ts';
import { call, member } from '../call.ts';

/** Every code that a client may see. */
export const errorCode = z.enum([
  'invalid_json',
  'validation_failed',
  'unknown_type',
  'too_many_members',
  'unauthenticated',
  'not_allowed',
  'not_a_member',
  'not_found',
  'call_ended',
  'already_answered',
  'not_ringing',
  'glare',
  'payload_too_large',
  'rate_limited',
  'internal',
  'contended',
] as const satisfies ErrorCode[]);

/** One thing wrong with a request. */
export const fieldError = z.strictObject({ path: z.string(), message: z.string() });

/** A refusal over HTTP. */
export const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: errorCode,
  error: z.string(),
  errors: z.array(fieldError).exactOptional(),
  call: call.exactOptional(),
  members: z.array(member).exactOptional(),
  request_id: z.uuid().exactOptional(),
});

/** A refusal that API Gateway makes by itself. */
export const gatewayRefusal = z.strictObject({ message: z.string() });
