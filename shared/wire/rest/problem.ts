import * as z from 'zod';
import { ERROR_CODES } from '#domain/errors.ts';
import { UNAUTHENTICATED_REASONS } from '#domain/identity.ts';
import { call, member } from '../call.ts';

/** Every code that a client may see. */
export const errorCode = z.enum(ERROR_CODES);

/** What is wrong with one field of a request. */
export const fieldError = z.strictObject({ path: z.string(), message: z.string() });

/** A refusal over HTTP. */
export const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: errorCode,
  error: z.string(),
  reason: z.enum(UNAUTHENTICATED_REASONS).exactOptional(),
  errors: z.array(fieldError).exactOptional(),
  call: call.exactOptional(),
  members: z.array(member).exactOptional(),
  request_id: z.uuid().exactOptional(),
  statusCode: z.int().exactOptional(),
  message: z.string().exactOptional(),
});

/** A refusal by API Gateway itself. */
export const gatewayRefusal = z.strictObject({ message: z.string() });
