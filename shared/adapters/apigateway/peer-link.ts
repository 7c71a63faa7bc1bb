import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { PeerLink } from '#ports/peer-link.ts';

/** Sockets behind API Gateway; `stageUrl` is where its `@connections` live. `onFault` hears why a post could not be told. */
export function apiGatewayPeerLink(stageUrl: string, onFault: (error: unknown) => void): PeerLink {
  const api = new ApiGatewayManagementApiClient({ endpoint: stageUrl });
  return {
    async post(connectionId, frame) {
      try {
        await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(frame) }));
        return 'sent';
      } catch (error) {
        if (error instanceof GoneException) return 'gone';
        // One peer that cannot be told (throttled, buffer full) must not keep the others from hearing.
        onFault(error);
        return 'failed';
      }
    },

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
