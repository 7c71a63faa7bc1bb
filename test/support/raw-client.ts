import { type ClientOptions, WebSocket } from 'ws';
import { PATIENCE_MS } from './patience.ts';

// Requests and frames as they are on the wire, also those that `@carillon/client` rightly never sends. Whatever wants to take
// part in a call uses that package.

/** A frame from the server. */
export type Frame = Record<string, unknown> & { readonly type: string };

/** An answer of the REST API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON; each reader picks what it needs
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- see above
}

/** A stack's REST API. */
export interface Api {
  request(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
}

/** The REST API at `url`. */
export const api = (url: string): Api => ({
  async request(method, path, { token, body, headers } = {}) {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  },
});

/** A client's WebSocket. It remembers every frame, so none is missed between two waits. */
export interface Socket {
  readonly frames: readonly Frame[];
  /** Sends a frame. */
  send(frame: object): void;
  /** Sends a frame with an id of its own and waits for the `response` or `error` that answers it. */
  ask(frame: object): Promise<Frame>;
  /** The oldest frame of a type that fits and that nobody has taken yet; rejects if none comes within ten seconds. */
  next(type: string, fits?: (frame: Frame) => boolean): Promise<Frame>;
  close(): Promise<void>;
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly raw: WebSocket;
}

/** What a frame with an `id` is answered by. */
const ANSWERS: ReadonlySet<string> = new Set(['response', 'error']);
let asked = 0;

/** Opens a WebSocket at `url`; rejects with the HTTP status if the upgrade is refused. */
export async function openSocket(url: string, protocols?: string[], options?: ClientOptions): Promise<Socket> {
  const raw = new WebSocket(url.replace(/^http/, 'ws'), protocols ?? [], options);
  const frames: Frame[] = [];
  const taken = new Set<Frame>();
  const waiting = new Set<() => void>();
  raw.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    for (const look of [...waiting]) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    raw.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    raw.on('open', resolve);
    raw.on('unexpected-response', (_, response) =>
      reject(Object.assign(new Error(`upgrade refused: ${response.statusCode}`), { status: response.statusCode })),
    );
    raw.on('error', reject);
  });

  /** Takes the oldest frame that fits, now or when it comes. */
  const take = (what: string, fits: (frame: Frame) => boolean): Promise<Frame> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const frame = frames.find((candidate) => !taken.has(candidate) && fits(candidate));
        if (!frame) return;
        taken.add(frame);
        waiting.delete(look);
        clearTimeout(timer);
        resolve(frame);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        const types = JSON.stringify(frames.map((frame) => frame.type));
        reject(new Error(`no ${what} within ${PATIENCE_MS} ms; got ${types}`));
      }, PATIENCE_MS);
      waiting.add(look);
      look();
    });

  return {
    raw,
    frames,
    closed,
    next: (type, fits = () => true) => take(type, (frame) => frame.type === type && fits(frame)),
    send: (frame) => raw.send(JSON.stringify(frame)),
    async ask(frame) {
      asked += 1;
      const id = `q${asked}`;
      raw.send(JSON.stringify({ ...frame, id }));
      // One wait for both kinds of answer: a second one would keep its timer, and the process, after the answer.
      return take(`answer to ${id}`, (answer) => ANSWERS.has(answer.type) && answer['id'] === id);
    },
    async close() {
      raw.close(1000);
      await closed;
    },
  };
}
