import type { ErrorCode } from '#domain/errors.ts';

/** What each code tells a client. */
export const codes: Readonly<Record<ErrorCode, string>> = {
  invalid_json: 'What was sent is not JSON, or a frame is no JSON object.',
  validation_failed: 'A field is missing or wrong; `errors` names each by its path.',
  unknown_type: 'The frame has no `type`, or one that does not exist.',
  too_many_members: 'A call has at most 100 members.',
  unauthenticated: 'There is no token, or it is not a good one.',
  not_allowed: 'This token, or this user, may not do that.',
  not_a_member: 'The user is not a member of the call.',
  not_found: 'There is no such call, or no such route.',
  call_ended: 'The call has ended; `call` and `members` show how.',
  already_answered: 'Another device of this user has answered, or the call is answered already.',
  not_ringing: 'The call does not ring for this user.',
  glare: 'The callee is ringing the caller at this very moment: accept the call in `call` instead.',
  payload_too_large: 'A body is over 64 KiB, or the text of a signal over 24 KiB.',
  rate_limited: 'Too many requests; try again after `Retry-After` seconds.',
  internal: 'Something went wrong on the server; `request_id` finds the log line.',
  contended:
    'Too much happens at once, to this call or in the whole table; try again in a second (over HTTP: after `Retry-After` seconds).',
};
