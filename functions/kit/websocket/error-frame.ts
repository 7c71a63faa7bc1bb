import { defined } from '#domain/defined.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { callInFrame } from '#wire/views.ts';
import { type Refusal, refusalOf } from '../entry/refusal.ts';
import { labelsOf } from './frame.ts';

/** What every frame about an error says. */
interface ErrorFrame {
  readonly error: Pick<Refusal, 'code' | 'message'>;
}

/** The frame that tells `user` why the frame `text` was refused. */
export function errorFrame(error: unknown, text: string | undefined, user: UserPrincipal): ErrorFrame {
  const { code, message, errors, requestId, call, retryAfterS } = refusalOf(error);
  const { id, type } = labelsOf(text);
  const about = { type: 'error', ...defined({ id, for: type }), ...(call && callInFrame(call, user)) };
  return {
    ...about,
    error: { code, message, ...defined({ errors, request_id: requestId, retry_after_s: retryAfterS }) },
  };
}
