import { type ClientHttp2Session, type ClientHttp2Stream, constants, sensitiveHeaders } from 'node:http2';
import { setImmediate as yieldToIo } from 'node:timers/promises';

/** A POST, without what depends on its connection. */
export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How much of an answer is read, in characters: those of push services are short. The rest is thrown away. */
export const MAX_TEXT = 64 * 1024;

/** What came back, or how the stream ended if it brought no answer. */
export interface Received {
  /** 0: no answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly streamId: number | undefined;
  readonly ending: 'closed' | 'refused' | 'timeout';
}

/** What became of a request. */
export type Sent =
  | ({ readonly kind: 'answered' } & Pick<Received, 'status' | 'headers' | 'text'>)
  /** Nobody answered, but the service may have acted on it. */
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** The service has certainly not acted on it. */
  | { readonly kind: 'unsent'; readonly reason: string };

/** Sends a request over an open session. Without an answer within `timeoutMs` only its own stream is cancelled. `heard` is called for everything that comes back. */
export async function exchange(
  session: ClientHttp2Session,
  { path, headers, body }: Request,
  { timeoutMs, heard }: { readonly timeoutMs: number; readonly heard: () => void },
): Promise<Received> {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    ...headers,
    'content-length': `${Buffer.byteLength(body)}`,
    // These are sent uncompressed, so that they do not fill the service's small header table.
    [sensitiveHeaders]: [':path', 'authorization'],
  });
  const answer = { status: 0, headers: {}, text: '' };
  stream.setEncoding('utf8');
  stream.on('response', ({ ':status': status = 0, ...fields }) => {
    heard();
    Object.assign(answer, { status, headers: fields });
  });
  stream.on('data', (text: string) => {
    heard();
    if (answer.text.length < MAX_TEXT) answer.text += text;
  });
  stream.end(body);
  const inTime = await endOf(stream, timeoutMs);
  const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
  return { ...answer, streamId: stream.id, ending: inTime ? (refused ? 'refused' : 'closed') : 'timeout' };
}

/** Whether the stream ends by itself within `timeoutMs`. */
const endOf = (stream: ClientHttp2Stream, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(async () => {
      // After a freeze, a timer fires before the data that arrived meanwhile is read.
      await yieldToIo();
      resolve(false);
      stream.close(constants.NGHTTP2_CANCEL);
    }, timeoutMs);
    // How it ended tells why it failed.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
