import type { ClientHttp2Session } from 'node:http2';
import { setImmediate as yieldToIo } from 'node:timers/promises';

/** A round trip around the world, with room for a lost packet. */
const LIMIT_MS = 400;

/** Whether the other side of a session answers. */
export function answersPing(session: ClientHttp2Session): Promise<boolean> {
  if (session.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    // After a freeze, a timer fires before the data that arrived meanwhile is read.
    const limit = setTimeout(() => void yieldToIo().then(() => resolve(false)), LIMIT_MS).unref();
    session.ping((error) => {
      clearTimeout(limit);
      resolve(error === null);
    });
  });
}
