import * as z from 'zod';
import { SOCKET_PATHS } from '#ports/socket-sessions.ts';
import { hardwareId, optionalParameter, sessionId } from '#wire/fields.ts';

/** The errors of Engine.IO that its clients know, by their numbers. */
export const ENGINE_ERRORS = {
  unknownTransport: { code: 0, message: 'Transport unknown' },
  unknownSession: { code: 1, message: 'Session ID unknown' },
  badMethod: { code: 2, message: 'Bad handshake method' },
  badRequest: { code: 3, message: 'Bad request' },
  unsupportedVersion: { code: 5, message: 'Unsupported protocol version' },
} as const;

export type EngineError = (typeof ENGINE_ERRORS)[keyof typeof ENGINE_ERRORS];

/** The query of every request of a client. */
const query = z.object({
  EIO: z.string().optional(),
  transport: z.string().optional(),
  sid: z.string().max(64).optional(),
  token: z.string().optional(),
  hardware_id: optionalParameter(hardwareId),
  session_id: optionalParameter(sessionId),
});

/** The version of Engine.IO that we speak. */
const VERSION = '4';

export type Handshake = z.output<typeof query>;

/** What a client asks for, or why it is refused. */
export function handshakeOf(
  parameters: Readonly<Record<string, string | undefined>>,
  transport: 'polling' | 'websocket',
): Handshake | EngineError {
  const read = query.safeParse(parameters);
  if (parameters['transport'] !== transport) return ENGINE_ERRORS.unknownTransport;
  if (parameters['EIO'] !== VERSION) return ENGINE_ERRORS.unsupportedVersion;
  return read.success ? read.data : ENGINE_ERRORS.badRequest;
}

/** The path at which a client connects. */
export const socketPath = z.enum(SOCKET_PATHS);
