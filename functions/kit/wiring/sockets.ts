import { apiGatewaySockets, type Sockets } from '#adapters/apigateway/sockets.ts';
import { described, log } from '../observe/log.ts';

/** The sockets of the WebSocket API whose `@connections` are at `url`. What is refused for now is posted again after these waits. */
export const socketsAt = (url: string, repostMs?: readonly number[]): Sockets =>
  apiGatewaySockets(
    url,
    (error, connection_id) => log.warn('a frame could not be posted', { connection_id, error: described(error) }),
    repostMs,
  );
