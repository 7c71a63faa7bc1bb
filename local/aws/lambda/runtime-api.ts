import type { ServerResponse } from 'node:http';
import { readBody, sendJson } from '../http-messages.ts';
import type { InternalServer } from '../internal-server.ts';
import { InvocationError } from './invocation.ts';

/** What the runtime API passes on from one process of a function. */
export interface RuntimeClient {
  /** The process asks for an event. It may be answered at any later time. */
  next(response: ServerResponse): void;
  succeeded(result: unknown): void;
  failed(error: InvocationError): void;
}

/** The Lambda runtime API. Every process has an address of its own, by which it is recognized. */
export interface RuntimeApi {
  /** Returns the process's `AWS_LAMBDA_RUNTIME_API`. */
  attach(processId: string, client: RuntimeClient): string;
  detach(processId: string): void;
}

const PATH = /^\/([^/]+)\/2018-06-01\/runtime\/(invocation\/next|init\/error|invocation\/[^/]+\/(?:response|error))$/;

/** Adds the runtime API to the internal server. */
export function serveRuntimeApi(server: InternalServer): RuntimeApi {
  const clients = new Map<string, RuntimeClient>();
  server.serve({
    matches: ({ url = '' }) => PATH.test(url),
    async handle(request, response) {
      const [, processId = '', action = ''] = PATH.exec(request.url ?? '') ?? [];
      const client = clients.get(processId);
      if (!client) return sendJson(response, 403, { errorMessage: 'unknown process' });
      if (action === 'invocation/next') return client.next(response);
      const body: unknown = JSON.parse(String(await readBody(request)));
      sendJson(response, 202, { status: 'OK' });
      if (action.endsWith('/response')) client.succeeded(body);
      else client.failed(asError(body));
    },
  });
  return {
    attach(processId, client) {
      clients.set(processId, client);
      return `${new URL(server.url).host}/${processId}`;
    },
    detach: (processId) => clients.delete(processId),
  };
}

function asError(body: unknown): InvocationError {
  const { errorMessage = '', errorType = 'Error' } = Object(body);
  return new InvocationError(String(errorMessage), String(errorType));
}
