import type { PushProvider, PushRecord } from './push-log.ts';
import type { PushRequest, Verdict } from './push-request.ts';

/** The log's record of a request and its outcome. */
export function recordOf(request: PushRequest, provider: PushProvider, body: unknown, verdict: Verdict): PushRecord {
  const { authorization = '' } = request.headers;
  // What Google and Apple take is a credential. VAPID tells whoever operates a push service who sends.
  const shown = provider === 'webpush' ? authorization : authorization.split(' ')[0];
  return {
    at: request.at.toISOString(),
    monotonic_ms: request.monotonicMs,
    provider,
    path: request.path,
    headers: { ...request.headers, ...(shown && { authorization: shown }) },
    body,
    status: verdict.outcome?.drop ? 0 : verdict.reply.status,
  };
}
