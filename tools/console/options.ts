import * as z from 'zod';
import { checked, optionsOf } from '../command-line.ts';
import { LOCAL_STACK } from '../local-stack.ts';
import { nameOption } from '../operator-token.ts';
import { checkOneStack, stackOptions } from '../stack-url.ts';

export const USAGE = `npm run console [-- options]

Prints the address of a stack's web console. It holds a token that is good for 8 hours: whoever has the address reads all
calls and users, so do not pass it on. The log has what is done with it, by your name.

  --stage <name>   a deployed stage; found with your AWS credentials. Without it: the local stack
  --url <url>      the address of the local stack; default ${LOCAL_STACK}
  --name <name>    who you are; default is your user name on this computer
  --help           print this text`;

const schema = z.object({ ...stackOptions, name: nameOption });

/** Which console, and for whom. */
export type Options = z.output<typeof schema>;

const text = { type: 'string' } as const;
const OPTIONS = { stage: text, url: text, name: text, help: { type: 'boolean' } } as const;

/** Reads the command line; `undefined` if it asks for help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { help, ...given } = optionsOf(args, OPTIONS);
  if (help === true) return undefined;
  checkOneStack(given);
  return checked(schema, given);
}
