import { defined } from '#domain/defined.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { callInFrame } from '#wire/views.ts';
import { refusalOf } from '../entry/refusal.ts';
import { labelsOf } from './frame.ts';

/** The frame that tells `user` why the frame `text` was refused. */
export function errorFrame(error: unknown, text: string | undefined, user: UserPrincipal): object {
  const { code, message, errors, requestId, call, retryAfterS } = refusalOf(error);
  const { id, type } = labelsOf(text);
  return {
    type: 'error',
    ...defined({ id, for: type }),
    error: { code, message, ...defined({ errors, request_id: requestId, retry_after_s: retryAfterS }) },
    ...(call && callInFrame(call, user)),
  };
}
