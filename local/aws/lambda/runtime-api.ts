import { createServer, type ServerResponse } from 'node:http';
import { readBody, sendJson } from '../http-messages.ts';
import { listen } from '../listen.ts';
import { InvocationError } from './invocation.ts';

/** What the runtime API passes on from the process of a function. */
export interface RuntimeClient {
  /** The process asks for an event. It may be answered at any later time. */
  next(response: ServerResponse): void;
  succeeded(result: unknown): void;
  failed(error: InvocationError): void;
}

/** The Lambda runtime API of one process: like an execution environment, each has one of its own. */
export interface RuntimeApi {
  /** The process's `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  stop(): void;
}

const PATH = /^\/2018-06-01\/runtime\/(invocation\/next|init\/error|invocation\/[^/]+\/(?:response|error))$/;

/** Opens the runtime API for a process that is about to start. */
export async function openRuntimeApi(client: RuntimeClient): Promise<RuntimeApi> {
  const server = createServer(async (request, response) => {
    const [, action] = PATH.exec(request.url ?? '') ?? [];
    if (action === undefined) return sendJson(response, 404, { errorMessage: 'no such part of the runtime API' });
    if (action === 'invocation/next') return client.next(response);
    const body: unknown = JSON.parse(String(await readBody(request)));
    sendJson(response, 202, { status: 'OK' });
    if (action.endsWith('/response')) client.succeeded(body);
    else client.failed(asError(body));
  });
  // A frozen function cannot notice that its connection was closed.
  server.keepAliveTimeout = 3_600_000;
  server.requestTimeout = 0;
  const url = await listen(server, 0);
  return {
    address: new URL(url).host,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function asError(body: unknown): InvocationError {
  const { errorMessage = '', errorType = 'Error' } = Object(body);
  return new InvocationError(String(errorMessage), String(errorType));
}
