import * as z from 'zod';
import { checked, optionsOf } from '../command-line.ts';
import { LOCAL_STACK } from '../local-stack.ts';
import { nameOption } from '../operator-token.ts';
import { checkOneStack, stackOptions } from '../stack-url.ts';

export const USAGE = `npm run doctor [-- options]

Checks that a stack can ring: that it answers, that the secrets for calls are usable, and that FCM and APNs accept a push of
each push provider in the secret, in both of Apple's environments. Nobody can receive these pushes: no phone rings.
The stack keeps what it finds, and its console shows it on the page Health.

  --url <url>      the address of the local stack; default ${LOCAL_STACK}
  --stage <name>   a deployed stage instead; its URL and secrets are found with your AWS credentials
  --name <name>    who you are, for the console and the log of the stage; default your user name on this computer
  --help           print this text

Exits with 0 if all is well, with 1 if there is something to fix, with 2 if the options are wrong.`;

const schema = z.object({ ...stackOptions, name: nameOption });

/** Which stack to check, and who does. */
export type Target = z.output<typeof schema>;

const text = { type: 'string' } as const;
const OPTIONS = { url: text, stage: text, name: text, help: { type: 'boolean' } } as const;

/** Reads the command line; `undefined` if it asks for help. */
export function readTarget(args: readonly string[]): Target | undefined {
  const { help, ...given } = optionsOf(args, OPTIONS);
  if (help === true) return undefined;
  checkOneStack(given);
  return checked(schema, given);
}
