import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { callCid } from '#wire/fields.ts';
import { envelope } from '#wire/socket/native/frames.ts';

/** The JSON object that a frame must be. */
export function frameOf(text: string | undefined): object {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch (error) {
    throw new ServiceError('invalid_json', 'a frame must be JSON', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ServiceError('invalid_json', 'a frame must be a JSON object');
  return value;
}

/** What a refusal names of a frame. */
export interface Labels {
  readonly type?: string;
  readonly id?: string | number;
  readonly cid?: string;
}

/** What a refusal names of a frame that may be anything, as far as it can be read. */
export function labelsOf(text: string | undefined): Labels {
  try {
    const { type, id, call_cid: cid } = labels.parse(frameOf(text));
    return defined({ type, id, cid });
  } catch {
    // It is not even a JSON object.
    return {};
  }
}

const labels = z.object({
  type: z.string().max(64).optional().catch(undefined),
  id: envelope.shape.id.catch(undefined),
  call_cid: callCid.optional().catch(undefined),
});
