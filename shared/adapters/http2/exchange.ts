import { type ClientHttp2Session, type ClientHttp2Stream, constants, sensitiveHeaders } from 'node:http2';
import { setImmediate as yieldToIo } from 'node:timers/promises';

/** A POST, without what depends on the connection that it leaves by. */
export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back: of a stream that ended without an answer, how it ended. */
export interface Received {
  /** 0: nothing. */
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly streamId: number | undefined;
  readonly ending: 'closed' | 'refused' | 'timeout';
}

/** What became of a request. */
export type Sent =
  | ({ readonly kind: 'answered' } & Pick<Received, 'status' | 'headers' | 'text'>)
  /** Nobody answered; the service may have acted on it. */
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** The service has certainly not acted on it. */
  | { readonly kind: 'unsent'; readonly reason: string };

/** Sends a request over an open session; without an answer within `timeoutMs` its stream is cancelled, and no other. `heard` is called for all that comes back. */
export async function exchange(
  session: ClientHttp2Session,
  { path, headers, body }: Request,
  timeoutMs: number,
  heard: () => void,
): Promise<Received> {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    ...headers,
    'content-length': `${Buffer.byteLength(body)}`,
    // Each is sent as it is, so that neither fills the small header table of the service.
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
    answer.text += text;
  });
  stream.end(body);
  const inTime = await endOf(stream, timeoutMs);
  const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
  return { ...answer, streamId: stream.id, ending: inTime ? (refused ? 'refused' : 'closed') : 'timeout' };
}

/** Whether the stream has ended by itself within `timeoutMs`. */
const endOf = (stream: ClientHttp2Stream, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(async () => {
      // After a freeze a timer fires before what has arrived meanwhile is read.
      await yieldToIo();
      resolve(false);
      stream.close(constants.NGHTTP2_CANCEL);
    }, timeoutMs);
    // Why it failed shows in how it ended.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
