import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Delivery } from '#ports/peer-link.ts';
import { impatient } from '../aws/client-settings.ts';

/** The WebSockets of one API, by the ids that API Gateway gave them. */
export interface Sockets {
  /** Posts one text frame. */
  post(connectionId: string, text: string): Promise<Delivery>;
  /** Closes the connection. */
  close(connectionId: string): Promise<Delivery>;
  /** Whether the connection is open. If that cannot be found out, it is taken to be. */
  isOpen(connectionId: string): Promise<boolean>;
}

/** Sockets behind API Gateway. `stageUrl` is where its `@connections` are; `onFault` hears why a post failed. */
export function apiGatewaySockets(stageUrl: string, onFault: (error: unknown) => void): Sockets {
  const api = new ApiGatewayManagementApiClient({ ...impatient(), endpoint: stageUrl });
  const deliveryOf = async (request: Promise<unknown>): Promise<Delivery> => {
    try {
      await request;
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      // A peer that cannot be reached (throttled, buffer full) must not keep the others from hearing.
      onFault(error);
      return 'failed';
    }
  };
  return {
    post: (connectionId, text) =>
      deliveryOf(api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: text }))),

    close: (connectionId) => deliveryOf(api.send(new DeleteConnectionCommand({ ConnectionId: connectionId }))),

    async isOpen(connectionId) {
      try {
        await api.send(new GetConnectionCommand({ ConnectionId: connectionId }));
        return true;
      } catch (error) {
        if (error instanceof GoneException) return false;
        onFault(error);
        return true;
      }
    },
  };
}
