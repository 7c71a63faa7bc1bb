import type { PushReply } from '../push-request.ts';
import type { Outcome } from '../scripted-outcomes.ts';

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const QUOTA_FAILURE = 'type.googleapis.com/google.rpc.QuotaFailure';

/** A request that breaks one of Google's rules, and the answer to it. */
export interface Refusal {
  readonly rule: string;
  readonly detail: string;
  readonly reply: PushReply;
}

const kinds: Readonly<Record<number, { status: string; errorCode?: string; message: string }>> = {
  400: { status: 'INVALID_ARGUMENT', errorCode: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  401: {
    status: 'UNAUTHENTICATED',
    errorCode: 'THIRD_PARTY_AUTH_ERROR',
    message: 'Request is missing required authentication credential.',
  },
  403: { status: 'PERMISSION_DENIED', errorCode: 'SENDER_ID_MISMATCH', message: 'SenderId mismatch' },
  // A dead token is answered with `UNREGISTERED`. A bare 404 may also mean a wrong project.
  404: { status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  429: { status: 'RESOURCE_EXHAUSTED', errorCode: 'QUOTA_EXCEEDED', message: 'Quota exceeded.' },
  500: { status: 'INTERNAL', errorCode: 'INTERNAL', message: 'Internal error encountered.' },
  503: { status: 'UNAVAILABLE', errorCode: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
};

const unknownKind = { status: 'UNKNOWN', errorCode: 'UNSPECIFIED_ERROR', message: 'Unknown error.' };

const errorCodes = new Set([
  'UNREGISTERED',
  ...[...Object.values(kinds), unknownKind].map(({ errorCode }) => errorCode),
]);

const kindOf = (status: number) => kinds[status] ?? unknownKind;

/** The scripted answer. A reason that is not an FcmError code replaces `error.status`. */
export function scriptedReply(outcome: Outcome): PushReply {
  const { status, errorCode, message } = kindOf(outcome.status);
  const reason = outcome.reason ?? errorCode ?? status;
  const known = errorCodes.has(reason);
  const reply = errorReply(outcome.status, known ? status : reason, message, known ? [fcmError(reason)] : []);
  return outcome.retry_after === undefined ? reply : { ...reply, headers: { 'retry-after': `${outcome.retry_after}` } };
}

/** True for a refusal that no retry can change. A 401 is not one: the access token may have expired. */
export const isFinal = ({ status }: PushReply): boolean => [400, 403, 404].includes(status);

/** A field whose value does not fit its type. Google's front end refuses it without an FcmError. */
export const unreadable = (field: string, description: string): Refusal =>
  refusal(
    'unreadable-request',
    description,
    errorReply(400, 'INVALID_ARGUMENT', description, [badRequest(field, description)]),
  );

/** A field whose value fits its type, but which FCM does not allow. */
export const invalid = (rule: string, field: string, description: string): Refusal =>
  refusal(
    rule,
    `${field}: ${description}`,
    errorReply(400, 'INVALID_ARGUMENT', description, [badRequest(field, description), fcmError('INVALID_ARGUMENT')]),
  );

/** A sender who is unknown or may not send for this project. Google's front end refuses it; FCM is not asked. */
export const denied = (status: 401 | 403, rule: string, reason: string, detail: string): Refusal =>
  refusal(rule, detail, errorReply(status, kindOf(status).status, detail, [errorInfo(reason)]));

/** A path that does not exist. */
export const notServed = (detail: string): Refusal =>
  refusal('unknown-address', detail, errorReply(404, 'NOT_FOUND', detail, []));

/** Too many messages to one device. The next one is accepted after `retryAfterS`. */
export function tooMany(subject: string, description: string, retryAfterS: number): Refusal {
  const details = [{ '@type': QUOTA_FAILURE, violations: [{ subject, description }] }, fcmError('QUOTA_EXCEEDED')];
  const reply = errorReply(429, 'RESOURCE_EXHAUSTED', kindOf(429).message, details);
  return refusal('device-rate', description, { ...reply, headers: { 'retry-after': `${retryAfterS}` } });
}

const refusal = (rule: string, detail: string, reply: PushReply): Refusal => ({ rule, detail, reply });

const errorReply = (code: number, status: string, message: string, details: readonly object[]): PushReply => ({
  status: code,
  body: { error: { code, message, status, ...(details.length > 0 && { details }) } },
});

const fcmError = (errorCode: string) => ({ '@type': FCM_ERROR, errorCode });

const errorInfo = (reason: string) => ({ '@type': ERROR_INFO, reason, domain: 'googleapis.com' });

const badRequest = (field: string, description: string) => ({
  '@type': BAD_REQUEST,
  fieldViolations: [{ field, description }],
});
