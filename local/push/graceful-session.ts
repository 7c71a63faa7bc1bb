import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/** An HTTP/2 connection that ends gracefully: GOAWAY, then the outstanding answers, then FIN. */
export interface GracefulSession {
  /** Announces the end. Requests after the stream `last` (absent: the latest) count as never received. */
  goaway(code: number, reason: string, last?: number): void;
  /** True for a request that came after the announced end and must be ignored. */
  isPast(stream: ServerHttp2Stream): boolean;
}

/**
 * Tracks a session from its beginning. Node's own `session.close()` will not do: it sends a second GOAWAY, whose last
 * stream id may be higher than the one announced, which clients treat as a protocol error.
 */
export function gracefulSession(session: ServerHttp2Session, socket: Socket | undefined): GracefulSession {
  const due = new Set<ServerHttp2Stream>();
  let latest = 0;
  let last = Number.POSITIVE_INFINITY;
  const isPast = ({ id = 0 }: ServerHttp2Stream): boolean => id > last;
  const endWhenDone = (): void => {
    if (last !== Number.POSITIVE_INFINITY && due.size === 0) socket?.end();
  };
  // Runs before the server's own listener, so that a request is tracked before it is answered.
  session.prependListener('stream', (stream: ServerHttp2Stream) => {
    if (isPast(stream)) return;
    latest = stream.id ?? latest;
    due.add(stream);
    stream.once('close', () => {
      due.delete(stream);
      setImmediate(endWhenDone);
    });
  });
  return {
    isPast,
    goaway(code, reason, lastStream = latest) {
      if (session.destroyed || last !== Number.POSITIVE_INFINITY) return;
      last = lastStream;
      session.goaway(code, lastStream, Buffer.from(JSON.stringify({ reason })));
      for (const stream of due) if (isPast(stream)) due.delete(stream);
      // The GOAWAY is written at the end of this turn of the event loop, when refused streams close as well.
      setImmediate(endWhenDone);
    },
  };
}
