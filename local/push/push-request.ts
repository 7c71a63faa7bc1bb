import type { Http2ServerRequest, ServerHttp2Session } from 'node:http2';
import type { PushRecord } from './push-log.ts';
import type { Outcome } from './scripted-outcomes.ts';

/** A request with its whole body, over HTTP/1.1 or HTTP/2. */
export interface PushRequest {
  readonly at: Date;
  /** The same moment on the machine's monotonic clock, in fractional ms. */
  readonly monotonicMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The header names as they were sent, repeated ones included. */
  readonly headerNames: readonly string[];
  /** As text. */
  readonly body: string;
  readonly bytes: Buffer;
  /** The HTTP/2 connection; undefined over HTTP/1.1. */
  readonly session: ServerHttp2Session | undefined;
  /** The outcome that a fault of the service asks for. An outcome scripted for the token comes first. */
  readonly fault?: Outcome | undefined;
}

/** An answer. Its body may be empty. */
export interface PushReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** What a fake decided about a request: its answer, and the outcome that may delay or withhold it. */
export interface Verdict {
  readonly reply: PushReply;
  readonly outcome?: Outcome | undefined;
  /** The entry in the log, for a request for a device. */
  readonly record?: PushRecord;
}

/** Reads a request to its end. Rejects if the client aborted it. */
export async function receive(request: Http2ServerRequest, fault: Outcome | undefined): Promise<PushRequest> {
  const at = new Date();
  const monotonicMs = Number(process.hrtime.bigint()) / 1e6;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const headers = Object.entries(request.headers).filter(([name]) => !name.startsWith(':'));
  return {
    at,
    monotonicMs,
    method: request.method,
    path: request.url,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    headerNames: request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()),
    body: bytes.toString('utf8'),
    bytes,
    session: sessionOf(request),
    fault,
  };
}

/** The HTTP/2 connection of a request. A request over HTTP/1.1 has no stream and no session. */
export const sessionOf = (request: Http2ServerRequest): ServerHttp2Session | undefined =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a server's request stream belongs to
  request.httpVersionMajor === 2 ? (request.stream.session as ServerHttp2Session | undefined) : undefined;
