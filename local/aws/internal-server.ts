import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Delays } from '../lab/delays/delays.ts';
import { hopOf } from '../lab/delays/hop-of.ts';
import { readAhead, sendJson } from './http-messages.ts';
import type { Guard } from './iam/guard.ts';
import type { Access } from './iam/roles.ts';
import { listen } from './listen.ts';

/** An AWS service that the functions call. */
export interface InternalService {
  matches(request: IncomingMessage): boolean;
  /** What a request does to which resources. Without it nobody has to sign. */
  accessesOf?(request: IncomingMessage, body: Buffer): readonly Access[];
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
}

/** The port on which the functions find every AWS service except DynamoDB. */
export interface InternalServer {
  readonly url: string;
  serve(service: InternalService): void;
  /** From now on requests need the right to what they do. */
  guard(guard: Guard): void;
  stop(): void;
}

/** Listens on a free port of the loopback interface. Services are added as they start. With `delays` they answer as late as AWS's. */
export async function startInternalServer(log: (line: string) => void, delays?: Delays): Promise<InternalServer> {
  const services: InternalService[] = [];
  let guard: Guard | undefined;
  const isOpen = ({ accessesOf }: InternalService): boolean => !accessesOf || !guard;
  const guarded = async (service: InternalService, request: IncomingMessage, response: ServerResponse) => {
    const body = await readAhead(request);
    const accesses = service.accessesOf?.(request, body) ?? [];
    if (!(await guard?.refuses(request, response, { body, accesses }))) await service.handle(request, response);
  };
  const server = createServer(async (request, response) => {
    try {
      const service = services.find((candidate) => candidate.matches(request));
      const hop = delays && hopOf(request);
      if (hop) await delays.wait(hop);
      if (service) await (isOpen(service) ? service.handle(request, response) : guarded(service, request, response));
      else sendJson(response, 404, { message: `the local stack has no service for ${request.url}` });
    } catch (error) {
      log(`internal error: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent) sendJson(response, 500, { message: 'internal error of the local stack' });
    }
  });
  // A frozen function cannot notice that a pooled connection was closed, so they stay open longer than any run lasts.
  server.keepAliveTimeout = 3_600_000;
  server.requestTimeout = 0;
  const url = await listen(server, 0);
  return {
    url,
    serve: (service) => services.push(service),
    guard(it) {
      guard = it;
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
