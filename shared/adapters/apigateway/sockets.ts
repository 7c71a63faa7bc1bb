import { setTimeout as pause } from 'node:timers/promises';
import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { once } from '#domain/once.ts';
import type { Delivery } from '#ports/peer-link.ts';
import { impatient, insistent } from '../aws/client-settings.ts';

/** The WebSockets of one API, by the ids that API Gateway gave them. */
export interface Sockets {
  /** Posts one text frame. */
  post(connectionId: string, text: string): Promise<Delivery>;
  /** Whether the connection is open. If that cannot be found out, it is taken to be. */
  isOpen(connectionId: string): Promise<boolean>;
  /** Closes the connection, if it is open. */
  close(connectionId: string): Promise<void>;
}

/**
 * Sockets behind API Gateway. `stageUrl` is where its `@connections` are; `onFault` hears why a connection could not be reached.
 * What API Gateway refuses for now is posted again after each of `repostMs`; what it does not answer may have arrived, and is not.
 */
export function apiGatewaySockets(
  stageUrl: string,
  onFault: (error: unknown, connectionId: string) => void,
  repostMs: readonly number[] = [],
): Sockets {
  const api = new ApiGatewayManagementApiClient({ ...impatient(), endpoint: stageUrl });
  // Asking and closing again does no harm, and whoever is to be out must not stay because one request was lost.
  const again = once(() => new ApiGatewayManagementApiClient({ ...insistent(), endpoint: stageUrl }));

  const post = async (connectionId: string, text: string, [wait, ...later] = repostMs): Promise<Delivery> => {
    try {
      await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }));
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      // A peer that cannot be posted to (throttled, buffer full) must not keep the others from hearing.
      onFault(error, connectionId);
      if (wait === undefined || !isRefusedForNow(error)) return 'failed';
      await pause(wait);
      return post(connectionId, text, later);
    }
  };

  return {
    post: (connectionId, text) => post(connectionId, text),

    async isOpen(connectionId) {
      try {
        await again().send(new GetConnectionCommand({ ConnectionId: connectionId }));
        return true;
      } catch (error) {
        if (error instanceof GoneException) return false;
        onFault(error, connectionId);
        return true;
      }
    },

    async close(connectionId) {
      try {
        await again().send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch (error) {
        if (!(error instanceof GoneException)) onFault(error, connectionId);
      }
    },
  };
}

/** Whether API Gateway throttles, or fails: the same post may be taken later. */
function isRefusedForNow(error: unknown): boolean {
  if (!(error instanceof ApiGatewayManagementApiServiceException)) return false;
  const { httpStatusCode: status = 0 } = error.$metadata;
  return status === 429 || status >= 500;
}

/** Posts frames to a connection, in order, and stops at the first that is not sent. */
export async function postInOrder(
  sockets: Pick<Sockets, 'post'>,
  connectionId: string,
  texts: readonly string[],
): Promise<Delivery> {
  for (const text of texts) {
    const delivery = await sockets.post(connectionId, text);
    if (delivery !== 'sent') return delivery;
  }
  return 'sent';
}
