import type * as z from 'zod';
import type { SocketIoDialect } from '#domain/dialect.ts';
import { ServiceError } from '#domain/errors.ts';
import type { EpochMs } from '#domain/time.ts';
import type { ConnectedUser } from '#usecases/pairs/pair-calls.ts';
import { signalBody } from '#wire/signal-body.ts';
import { callsCommands } from '#wire/socket/calls/decode.ts';
import type { PairCommand } from '#wire/socket/pair-command.ts';
import { videoCommands } from '#wire/socket/video/decode.ts';
import { parsed } from '../entry/parsed.ts';
import type { SocketIoUseCases } from '../wiring/socketio-wiring.ts';

/** What the events of each dialect mean. */
const COMMANDS: Readonly<Record<SocketIoDialect, Readonly<Record<string, z.ZodType<PairCommand>>>>> = {
  calls: callsCommands,
  video: videoCommands,
  sessions: {},
};

/** The command that an event is in its dialect. */
export function commandOf(dialect: SocketIoDialect, name: string, args: readonly unknown[]): PairCommand {
  const commands = COMMANDS[dialect];
  const schema = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!schema) throw new ServiceError('unknown_type', `there is no event ${JSON.stringify(name.slice(0, 64))}`);
  return parsed(schema, args[0]);
}

/** What the commands of these dialects come to. */
export type PairUseCases = Pick<
  SocketIoUseCases,
  'ringPerson' | 'answerPerson' | 'rejectPerson' | 'endCall' | 'signalPerson'
>;

/** Runs a command of a user, which arrived `at`. What comes back is the id of the call that it is about, if it is known. */
export async function runCommand(
  does: PairUseCases,
  command: PairCommand,
  { user, at }: { readonly user: ConnectedUser; readonly at: EpochMs },
): Promise<string | undefined> {
  switch (command.type) {
    case 'ring':
      signalBody(command.offer);
      return (await does.ringPerson({ ...command, user, at })).id;
    case 'answer':
      signalBody(command.answer);
      return (await does.answerPerson({ ...command, user, at })).id;
    case 'reject':
      return (await does.rejectPerson({ ...command, user, at })).id;
    case 'end':
      return (await does.endCall({ ...command, user, at }))?.id;
    case 'candidate':
      await does.signalPerson({ ...command, body: signalBody(command.body), user });
      return undefined;
  }
}
