import type { PushProvider, PushRecord } from './push-log.ts';
import type { PushRequest, Verdict } from './push-request.ts';

/** The log's record of a request and its outcome. */
export function recordOf(request: PushRequest, provider: PushProvider, body: unknown, verdict: Verdict): PushRecord {
  const [scheme] = (request.headers['authorization'] ?? '').split(' ');
  return {
    at: request.at.toISOString(),
    monotonic_ms: request.monotonicMs,
    provider,
    path: request.path,
    headers: { ...request.headers, ...(scheme && { authorization: scheme }) },
    body,
    status: verdict.outcome?.drop ? 0 : verdict.reply.status,
  };
}
