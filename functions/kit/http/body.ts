import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ServiceError } from '#domain/errors.ts';

/** Bytes. API Gateway would pass on more. */
const MAX_BODY_BYTES = 64 * 1024;

/** The JSON body of a request; no body counts as an empty object. */
export function bodyOf(event: APIGatewayProxyEventV2): unknown {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? '');
  if (Buffer.byteLength(text) > MAX_BODY_BYTES)
    throw new ServiceError('payload_too_large', 'a request body is at most 64 KiB');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError('invalid_json', 'the request body is not JSON', { cause: error });
  }
}
