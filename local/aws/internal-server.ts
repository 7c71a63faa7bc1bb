import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { sendJson } from './http-messages.ts';
import { listen } from './listen.ts';

/** An AWS service that the functions call. */
export interface InternalService {
  matches(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
}

/** The port on which the functions find every AWS service except DynamoDB. */
export interface InternalServer {
  readonly url: string;
  serve(service: InternalService): void;
  stop(): void;
}

/** Listens on a free port of the loopback interface. Services are added as they start. */
export async function startInternalServer(log: (line: string) => void): Promise<InternalServer> {
  const services: InternalService[] = [];
  const server = createServer(async (request, response) => {
    try {
      const service = services.find((candidate) => candidate.matches(request));
      if (service) await service.handle(request, response);
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
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
