import { setTimeout as wait } from 'node:timers/promises';
import type { Frame, Socket } from '../../support/raw-client.ts';
import { fresh } from './crowd.ts';

/** Many answers at once may take some time. */
const PATIENCE_MS = 60_000;

/** The moment, by `performance.now()`, at which a socket gets the first frame that fits. */
export function heardAt({ raw }: Socket, fits: (frame: Frame) => boolean): Promise<number> {
  // A socket may wait for an event of each of a hundred members.
  raw.setMaxListeners(0);
  const heard = new Promise<number>((resolve) => {
    const look = (data: unknown): void => {
      if (!fits(JSON.parse(String(data)))) return;
      raw.off('message', look);
      resolve(performance.now());
    };
    raw.on('message', look);
  });
  const never = wait(PATIENCE_MS, undefined, { ref: false }).then(() =>
    Promise.reject(new Error('a frame never came')),
  );
  return Promise.race([heard, never]);
}

/** The answer to a command. */
export interface Answered {
  readonly at: number;
  /** The error code, if it was refused. */
  readonly refusal: string | undefined;
}

/** Sends a command with a new id, and waits for its answer. */
export async function commanded(socket: Socket, command: object): Promise<Answered> {
  const id = fresh('command');
  let refusal: string | undefined;
  const answered = heardAt(socket, (frame) => {
    // An error by the gateway itself, after a failure of a function, names no command.
    const isFailure = frame['message'] === 'Internal server error';
    if (isFailure || (frame['id'] === id && frame.type === 'error')) refusal = String(Object(frame['error']).code);
    return isFailure || frame['id'] === id;
  });
  socket.send({ ...command, id });
  return { at: await answered, refusal };
}
