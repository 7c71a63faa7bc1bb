import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { defined } from '#domain/defined.ts';
import { callResource, type Viewer } from '#wire/views.ts';
import { refusalOf } from '../entry/refusal.ts';
import { RETRY_AFTER_S, STATUS } from './status.ts';

const NOBODY: Viewer = { userId: '' };

/** The `application/problem+json` answer (RFC 9457) to an error; `viewer` decides how much of a call it shows. */
export function problemReply(error: unknown, viewer: Viewer = NOBODY): APIGatewayProxyStructuredResultV2 {
  const { code, message, errors, requestId, call } = refusalOf(error);
  const status = STATUS[code];
  const retryAfter = RETRY_AFTER_S[code];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: code.replaceAll('_', ' '),
      status,
      detail: message,
      code,
      error: message,
      ...defined({ errors }),
      ...(call && callResource(call, viewer)),
      ...defined({ request_id: requestId }),
    }),
  };
}
