import type { ClientHttp2Session } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';

/** A round trip around the world, with room for a lost packet. */
const LIMIT_MS = 400;

/** Whether the other side of a session answers. */
export async function answersPing(session: ClientHttp2Session): Promise<boolean> {
  // What arrived while the process was frozen is read first: often the news that the connection is gone.
  await turn();
  if (session.closed || session.destroyed) return false;
  return new Promise((resolve) => {
    const limit = setTimeout(() => void turn().then(() => resolve(false)), LIMIT_MS).unref();
    session.ping((error) => {
      clearTimeout(limit);
      resolve(error === null);
    });
  });
}
