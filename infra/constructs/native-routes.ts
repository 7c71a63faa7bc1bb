import type { ServiceFunction } from './service-function.ts';
import type { WebSocketHandlers } from './websocket-api.ts';

const COMMANDS = [
  'call.ring',
  'call.accept',
  'call.reject',
  'call.cancel',
  'call.leave',
  'call.end',
  'call.ringing',
  'call.resume',
];
const SIGNALS = ['sdp.offer', 'sdp.answer', 'ice.candidate'];

export interface NativeFunctions {
  readonly Connection: ServiceFunction;
  readonly Command: ServiceFunction;
  readonly Signal: ServiceFunction;
}

/** The routes of the native WebSocket, `/ws`. */
export const nativeRoutes = ({ Connection, Command, Signal }: NativeFunctions): WebSocketHandlers => ({
  connection: Connection,
  frames: Command,
  byType: {
    ...Object.fromEntries(COMMANDS.map((type) => [type, Command])),
    ...Object.fromEntries(SIGNALS.map((type) => [type, Signal])),
  },
  answersPing: true,
});
