import { CarillonError, type CarillonErrorCode } from './errors.ts';
import type { EndReason } from './participation.ts';
import type { ErrorFrame, Problem } from './wire.ts';

/** The HTTP status that belongs to a code, for refusals that come over a socket. */
const STATUS: Readonly<Record<string, number>> = {
  invalid_json: 400,
  validation_failed: 400,
  unknown_type: 400,
  too_many_members: 400,
  unauthenticated: 401,
  not_allowed: 403,
  not_a_member: 403,
  not_found: 404,
  call_ended: 409,
  already_answered: 409,
  not_ringing: 409,
  glare: 409,
  payload_too_large: 413,
  rate_limited: 429,
  internal: 500,
  contended: 503,
};

/** What a status means if there is no code: API Gateway makes answers of its own. */
const MEANING: Readonly<Record<number, CarillonErrorCode>> = {
  401: 'unauthenticated',
  403: 'not_allowed',
  413: 'payload_too_large',
  429: 'rate_limited',
  503: 'contended',
};

/** Refusals that only say that the call is over for this handset, and how. */
export const OVER: Readonly<Partial<Record<CarillonError['code'], EndReason>>> = {
  already_answered: 'answered_elsewhere',
  call_ended: 'completed',
  not_ringing: 'missed',
  not_found: 'failed',
  not_a_member: 'failed',
};

/** Whether a wake token is refused since its ring is over: it is good for longer, unless its device goes. */
export const isSpent = ({ reason }: CarillonError): boolean => reason === 'expired' || reason === 'signed_out';

/** The message, and what it does not say yet of each field. */
const textOf = (message: string, errors: readonly { readonly path: string; readonly message: string }[]): string =>
  [
    message,
    ...errors.map(({ path, message: what }) => `${path}: ${what}`).filter((one) => !message.includes(one)),
  ].join('; ');

/** The error of an error frame. */
export function refusalOf({ error, call, members = [] }: ErrorFrame): CarillonError {
  const { code, message, request_id, errors = [] } = error;
  const seconds = 'retry_after_s' in error ? Number(error.retry_after_s) : undefined;
  return new CarillonError(code, textOf(message, errors), {
    status: STATUS[code],
    request_id,
    retryAfterMs: seconds === undefined ? undefined : seconds * 1000,
    news: call && { call, members },
  });
}

/** The error of an HTTP answer that is not a success. */
export function refusalOfAnswer(status: number, body: Partial<Problem>, retryAfter: string | null): CarillonError {
  const { code, detail, request_id, reason, call, members = [], errors = [] } = body;
  const meaning = MEANING[status] ?? (status >= 500 ? 'internal' : 'not_carillon');
  const message = detail ?? (meaning === 'not_carillon' ? 'something else than Carillon answers there' : 'refused');
  return new CarillonError(code ?? meaning, textOf(message, errors), {
    status,
    request_id,
    reason,
    retryAfterMs: retryAfter === null ? undefined : Number(retryAfter) * 1000,
    news: call && { call, members },
  });
}
