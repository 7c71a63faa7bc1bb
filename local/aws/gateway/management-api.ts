import type { ServerResponse } from 'node:http';
import { readBody, sendJson } from '../http-messages.ts';
import type { InternalService } from '../internal-server.ts';
import type { Connection, Connections } from './connections.ts';

const MAX_BYTES = 131_072;
/** The buffer for a client that does not read is full above this many bytes. */
const MAX_BUFFERED_BYTES = 1_048_576;
const CONNECTION_ID = /^[\w-]{15}=$/;

/** The stage of a WebSocket API, and the ARN of the API. */
export interface Managed {
  readonly stage: string;
  readonly arn: string;
}

/** `@connections` under the stage's path: functions send to a client, look it up and disconnect it here. */
export function managementApi({ stage, arn }: Managed, connections: Connections): InternalService {
  const prefix = `/${stage}/@connections/`;
  return {
    matches: ({ url = '' }) => decodeURIComponent(url).startsWith(prefix),
    accessesOf({ method, url = '' }) {
      const id = decodeURIComponent(url).slice(prefix.length);
      return [{ action: 'execute-api:ManageConnections', resource: `${arn}/${stage}/${method}/@connections/${id}` }];
    },
    async handle(request, response) {
      const id = decodeURIComponent(request.url ?? '').slice(prefix.length);
      const body = await readBody(request, MAX_BYTES);
      if (!CONNECTION_ID.test(id)) return refuse(response, 400, 'BadRequestException', `Invalid connectionId: ${id}`);
      if (!body) return refuse(response, 413, 'PayloadTooLargeException', 'Message too long');
      const connection = connections.get(id);
      if (!connection) return refuse(response, 410, 'GoneException');
      const act = ACTIONS[request.method ?? ''];
      if (act) act(connection, response, String(body));
      else refuse(response, 403, 'ForbiddenException', 'Forbidden');
    },
  };
}

type Act = (connection: Connection, response: ServerResponse, text: string) => void;

const ACTIONS: Readonly<Record<string, Act>> = {
  POST(connection, response, text) {
    if (connection.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      refuse(response, 429, 'LimitExceededException');
      return;
    }
    connection.send(text);
    connection.active();
    sendJson(response, 200, {});
  },
  GET({ connectedAt, lastActiveAt, userAgent }, response) {
    sendJson(response, 200, {
      connectedAt: new Date(connectedAt).toISOString(),
      lastActiveAt: new Date(lastActiveAt).toISOString(),
      identity: { sourceIp: '127.0.0.1', userAgent },
    });
  },
  DELETE(connection, response) {
    connection.close(1000, 'Connection Closed Normally');
    response.writeHead(204).end();
  },
};

function refuse(response: ServerResponse, status: number, name: string, message?: string): void {
  sendJson(response, status, { message: message ?? null }, { 'x-amzn-errortype': name });
}
