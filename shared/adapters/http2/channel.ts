import { setImmediate as yieldToIo } from 'node:timers/promises';
import { type Connection, openConnection } from './connection.ts';
import type { Request, Sent } from './exchange.ts';
import { NO_HTTP2, sendOverHttp1 } from './http1-fallback.ts';

/** The `authorization` header of a request on `connection`. */
export type Authorization = (connection: object) => string;

/** What came back. With `status` 0 nobody answered, and `text` says why. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A way to one origin over HTTP/2 that outlives its connections. */
export interface Channel {
  /** Opens a connection ahead of the first request. If that fails, the first request tries again. */
  warm(): void;
  /** Sends a request once. If the service has certainly not acted on it, it is repeated at once on another connection. */
  send(request: Request, timeoutMs: number, authorization?: Authorization): Promise<Answer>;
}

interface Waiting {
  readonly since: number;
  start(connection: Connection): void;
  giveUp(reason: string): void;
}

/** A connection that was silent for this long has to prove that it is alive before it is used. */
const IDLE_MS = 500;
/** How long a connection may take for that before another one is opened beside it. */
const HEDGE_MS = 60;
/** How long a request waits for a free connection before another one is opened. */
const CROWDED_MS = 250;
const MAX_CONNECTIONS = 4;
const MAX_TRIES = 3;
/** The wait after a connection that could not be opened. It doubles each time, up to the longest. */
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 400;

/** A channel to `origin`, `https://host[:port]`. */
export function http2Channel(origin: string): Channel {
  const connections = new Set<Connection>();
  const waiting = new Set<Waiting>();
  let nudge: NodeJS.Timeout | undefined;
  let knowsHttp2 = true;
  /** How many connections in a row could not be opened, and when the next attempt may start. */
  let shut = 0;
  let openFrom = 0;

  const open = (): void => {
    const connection = openConnection(origin, () => {
      if (connection.opened) shut = 0;
      if (connection.state === 'over' && connections.delete(connection) && !connection.opened) failed(connection);
      serve();
    });
    connections.add(connection);
  };

  const failed = ({ reason }: Connection): void => {
    if (reason === NO_HTTP2) knowsHttp2 = false;
    openFrom = performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** shut, LONGEST_PAUSE_MS);
    shut += 1;
    for (const request of [...waiting]) request.giveUp(reason);
  };

  const serve = (): void => {
    clearTimeout(nudge);
    for (const request of waiting) {
      const connection = latest([...connections].filter((one) => one.free > 0 && !isIdle(one)));
      if (!connection) break;
      waiting.delete(request);
      request.start(connection);
    }
    const [longest] = waiting;
    if (longest) findRoom(longest.since);
  };

  const findRoom = (since: number): void => {
    const all = [...connections];
    const doubtful = all.filter((one) => one.free > 0);
    for (const connection of doubtful) connection.prove();
    if (all.some(({ state }) => state === 'opening') || all.length - doubtful.length >= MAX_CONNECTIONS) return;
    const patienceMs = all.length === 0 ? 0 : doubtful.length > 0 ? HEDGE_MS : CROWDED_MS;
    const leftMs = Math.max(since + patienceMs, openFrom) - performance.now();
    if (leftMs <= 0) open();
    // After a freeze, a timer fires before the data that arrived meanwhile is read.
    else nudge = setTimeout(() => void yieldToIo().then(serve), leftMs).unref();
  };

  const sendByHttp1 = async (request: Request, timeoutMs: number): Promise<Sent> => {
    const sent = await sendOverHttp1(origin, request, timeoutMs);
    if (sent.kind !== 'answered') knowsHttp2 = true;
    return sent;
  };

  const sendOnce = (request: Request, until: number, authorization: Authorization | undefined): Promise<Sent> =>
    new Promise((resolve) => {
      const leftMs = (): number => Math.max(0, until - performance.now());
      const over = (connection: object): Request =>
        authorization
          ? { ...request, headers: { ...request.headers, authorization: authorization(connection) } }
          : request;
      if (!knowsHttp2) return resolve(sendByHttp1(over({}), leftMs()));
      const giveUp = (reason: string): void => {
        clearTimeout(limit);
        if (waiting.delete(entry)) resolve({ kind: 'unsent', reason });
      };
      const start = (connection: Connection): void => {
        clearTimeout(limit);
        resolve(connection.send(over(connection), leftMs()));
      };
      const limit = setTimeout(() => void yieldToIo().then(() => giveUp('no connection')), leftMs());
      const entry = { since: performance.now(), start, giveUp };
      waiting.add(entry);
      serve();
    });

  return {
    warm() {
      if (connections.size === 0) open();
    },
    async send(request, timeoutMs, authorization) {
      const until = performance.now() + Math.max(0, timeoutMs);
      let sent = await sendOnce(request, until, authorization);
      // After three failed connections a request tries only once: the ring is tried again later, and no invocation waits.
      for (
        let tries = 1;
        sent.kind === 'unsent' && Math.max(tries, shut) < MAX_TRIES && performance.now() < until;
        tries += 1
      )
        sent = await sendOnce(request, until, authorization);
      return sent.kind === 'answered' ? sent : { status: 0, headers: {}, text: sent.reason };
    },
  };
}

const isIdle = ({ heardAt }: Connection): boolean => performance.now() - heardAt > IDLE_MS;

const latest = (connections: readonly Connection[]): Connection | undefined =>
  connections.toSorted((a, b) => b.heardAt - a.heardAt)[0];
