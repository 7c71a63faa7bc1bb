import type { ComponentChildren } from 'preact';
import type { Failure } from '../api/api.ts';
import { UserText } from './user-text.tsx';

/** What went wrong, in words, and what to do about it. */
function explained(failure: Failure): { readonly title: string; readonly text: ComponentChildren } {
  const { code, status, request_id } = failure;
  if (code === 'offline')
    return {
      title: 'No answer',
      text: 'The server cannot be reached, or does not answer. This page asks again by itself.',
    };
  if (code === 'not_carillon')
    return {
      title: 'Not understood',
      text: 'What the server answers is not what Carillon answers. The console may be older than the server: load it again.',
    };
  if (status === 401) return { title: 'Signed out', text: 'The token is not accepted any more.' };
  if (status === 404)
    return { title: 'Not found', text: 'Nothing has that name, or it was deleted after its retention.' };
  if (status === 429) return { title: 'Too many requests', text: 'This page asks again in a moment.' };
  if (status === 403) return { title: 'Not allowed', text: <UserText>{failure.message}</UserText> };
  if (status !== undefined && status >= 500)
    return {
      title: 'The server failed',
      text: (
        <>
          It answers {status}. This page asks again by itself.
          {request_id !== undefined && (
            <>
              {' '}
              Its log has the reason: <code>{request_id}</code>
            </>
          )}
        </>
      ),
    };
  return { title: 'That did not work', text: <UserText>{failure.message}</UserText> };
}

/** Says that something could not be had. What was there before may stay beside it. */
export function FailureNotice({ failure, retry }: { readonly failure: Failure; readonly retry?: () => void }) {
  const { title, text } = explained(failure);
  return (
    <div class="notice notice-bad" role="alert">
      <p>
        <strong>{title}.</strong> {text}
      </p>
      {retry && (
        <button type="button" class="outline small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
