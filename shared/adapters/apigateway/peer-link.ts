import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { PeerLink } from '#ports/peer-link.ts';

/** Sockets behind API Gateway. `stageUrl` is the URL of its `@connections`; `onFault` gets the error of a failed request. */
export function apiGatewayPeerLink(stageUrl: string, onFault: (error: unknown) => void): PeerLink {
  const api = new ApiGatewayManagementApiClient({ endpoint: stageUrl });
  return {
    async post(connectionId, frame) {
      try {
        await api.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(frame) }));
        return 'sent';
      } catch (error) {
        if (error instanceof GoneException) return 'gone';
        // If one post fails (throttled, buffer full), the others must still go out.
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
