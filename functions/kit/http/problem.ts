import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { defined } from '#domain/defined.ts';
import type { UnauthenticatedReason } from '#domain/identity.ts';
import { callResource, type Viewer } from '#wire/views.ts';
import { refusalOf } from '../entry/refusal.ts';
import { RETRY_AFTER_S, STATUS } from './status.ts';

const NOBODY: Viewer = { userId: '' };

/** Whose clients read `statusCode` and `message`. */
const SESSIONS = '/api/v1/calls/';

export interface ProblemOptions {
  /** Decides how much of a call the problem shows. @default nobody sees more than what all may see */
  readonly viewer?: Viewer | undefined;
  /** The path of the request: where clients of a dialect look for an error elsewhere, it stands there, too. */
  readonly path?: string | undefined;
}

/** The `application/problem+json` answer (RFC 9457) to an error. */
export function problemReply(
  error: unknown,
  { viewer = NOBODY, path = '' }: ProblemOptions = {},
): APIGatewayProxyStructuredResultV2 {
  const { code, message, errors, requestId, call, reason, retryAfterS } = refusalOf(error);
  const status = STATUS[code];
  const retryAfter = retryAfterS ?? RETRY_AFTER_S[code];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...(reason && { 'www-authenticate': challenge(reason, message) }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title: code.replaceAll('_', ' '),
      status,
      detail: message,
      code,
      error: message,
      ...defined({ reason, errors }),
      ...(call && callResource(call, viewer)),
      ...defined({ request_id: requestId }),
      ...(path.startsWith(SESSIONS) && { statusCode: status, message }),
    }),
  };
}

/** The `WWW-Authenticate` of a 401 (RFC 6750). It says nothing of an error to a request without a token. */
const challenge = (reason: UnauthenticatedReason, description: string): string =>
  reason === 'missing' ? 'Bearer' : `Bearer error="invalid_token", error_description="${description}"`;
