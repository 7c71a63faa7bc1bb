import { type ClientOptions, WebSocket } from 'ws';

/** A frame from the server. */
export type Frame = Record<string, unknown> & { readonly type: string };

/** An answer of the REST API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came; the reader looks at what it needs
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

/** A client's WebSocket that remembers every frame, so that none is missed between two waits. */
export interface Socket {
  readonly frames: readonly Frame[];
  /** Sends a frame; with an `id` the answer is awaited. */
  send(frame: object): void;
  ask(frame: object): Promise<Frame>;
  /** The next frame, past those already taken, that fits. */
  next(type: string, fits?: (frame: Frame) => boolean): Promise<Frame>;
  close(): Promise<void>;
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly raw: WebSocket;
}

const PATIENCE_MS = 30_000;
let asked = 0;

/** Opens a WebSocket at `url`; rejects with the HTTP status where the upgrade is refused. */
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

  const next: Socket['next'] = (type, fits = () => true) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const frame = frames.find((candidate) => !taken.has(candidate) && candidate.type === type && fits(candidate));
        if (!frame) return;
        taken.add(frame);
        waiting.delete(look);
        clearTimeout(timer);
        resolve(frame);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(
          new Error(`no ${type} within ${PATIENCE_MS} ms; got ${JSON.stringify(frames.map((frame) => frame.type))}`),
        );
      }, PATIENCE_MS);
      waiting.add(look);
      look();
    });

  return {
    raw,
    frames,
    closed,
    next,
    send: (frame) => raw.send(JSON.stringify(frame)),
    async ask(frame) {
      asked += 1;
      const id = `q${asked}`;
      raw.send(JSON.stringify({ ...frame, id }));
      return Promise.race([
        next('response', (answer) => answer['id'] === id),
        next('error', (answer) => answer['id'] === id),
      ]);
    },
    async close() {
      raw.close(1000);
      await closed;
    },
  };
}
