import type { ErrorCode } from '#domain/errors.ts';

/** What each code tells a client. */
export const codes: Readonly<Record<ErrorCode, string>> = {
  invalid_json: 'The body is not JSON, or the frame is not a JSON object.',
  validation_failed: 'A field is missing or wrong. `errors` names each one by its path.',
  unknown_type: 'The frame has no `type`, or an unknown one.',
  too_many_members: 'A call has at most 100 members.',
  unauthenticated: 'There is no token, or it is not valid.',
  not_allowed: 'This token or this user may not do that.',
  not_a_member: 'The user is not a member of the call.',
  not_found: 'There is no such call or no such route.',
  call_ended: 'The call has ended. `call` and `members` show how.',
  already_answered: 'Another device of this user has answered, or the call has already been answered.',
  not_ringing: 'The call is not ringing for this user.',
  glare: 'The callee is ringing the caller at this moment. Accept the call in `call` instead.',
  payload_too_large: 'The body is over 64 KiB, or the text of a signal is over 24 KiB.',
  rate_limited:
    'Too many rings, or too many to somebody who does not answer. Try again after as many seconds as `Retry-After` says (over a socket: `retry_after_s`).',
  internal: 'Something went wrong on the server. `request_id` finds the log line.',
  media_not_configured: 'The deployment has no media provider. An operator has to fill its secret.',
  contended:
    'Too many requests are changing the same thing, or use the table. Try again in a second (over HTTP: after `Retry-After` seconds).',
};
