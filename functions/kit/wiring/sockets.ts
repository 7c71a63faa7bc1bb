import { apiGatewaySockets, type Sockets } from '#adapters/apigateway/sockets.ts';
import { described, log } from '../observe/log.ts';

/** The sockets of the WebSocket API whose `@connections` are at `url`. */
export const socketsAt = (url: string): Sockets =>
  apiGatewaySockets(url, (error) => log.warn('a frame could not be posted', { error: described(error) }));
