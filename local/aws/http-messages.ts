import type { IncomingMessage, ServerResponse } from 'node:http';

/** The bodies that were read before the service that a request is for reads them. */
const read = new WeakMap<IncomingMessage, Buffer>();

/** Reads a whole body, and keeps it for whoever reads it next. */
export async function readAhead(request: IncomingMessage): Promise<Buffer> {
  const body = (await readBody(request)) ?? Buffer.alloc(0);
  read.set(request, body);
  return body;
}

/** Reads a whole body. `undefined` if it is longer than `limit` bytes; the rest is then thrown away. */
export async function readBody(
  request: IncomingMessage,
  limit = Number.POSITIVE_INFINITY,
): Promise<Buffer | undefined> {
  const known = read.get(request);
  if (known) return known.length <= limit ? known : undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return length <= limit ? Buffer.concat(chunks) : undefined;
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
