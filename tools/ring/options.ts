import { z } from 'zod';
import { checked, numberOf, optionsOf } from '../command-line.ts';
import { LOCAL_STACK } from '../local-stack.ts';
import { stackUrl } from '../stack-url.ts';

export const USAGE = `npm run ring -- --to <user> [options]

Rings a user of a stack and prints the trace of the call as it happens. Ctrl-C hangs up.

  --to <user>            the user to ring
  --from <user>          the caller; default carillon-ring
  --url <url>            the address of the REST API; default ${LOCAL_STACK}, the local stack
  --token <token>        a server token of that stack, by which the caller gets a login; default $CARILLON_SERVER_TOKEN.
                         The local stack needs none
  --stage <name>         a deployed stage, in place of --url and --token; found with your AWS credentials
  --video                make it a video call
  --timeout <s>          how long it rings, 5 to 180 seconds; default 30
  --hang-up-after <s>    hang up so many seconds after the answer; default 10
  --help                 print this text

The tool does not wait for a user who cannot be reached. Exits with 0 if it reached a phone or an app, with 1 if it reached
none or got no answer from the stack, with 2 if the options are wrong.`;

const schema = z
  .object({
    to: z.string('name the user to ring').min(1, 'name the user to ring'),
    from: z.string().min(1).default('carillon-ring'),
    url: stackUrl.optional(),
    token: z.string().min(1).optional(),
    stage: z.string().min(1).optional(),
    video: z.boolean().default(false),
    timeout: numberOf('seconds', 5, 180).default(30),
    'hang-up-after': numberOf('seconds', 0, 3600).default(10),
  })
  .refine(({ stage, url, token }) => stage === undefined || (url === undefined && token === undefined), {
    path: ['stage'],
    message: 'takes the place of --url and --token: do not give both',
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must not be the same user as --from' });

/** Whom to ring, where and how. */
export type Options = z.output<typeof schema>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS = {
  to: text,
  from: text,
  url: text,
  token: text,
  stage: text,
  video: flag,
  timeout: text,
  'hang-up-after': text,
  help: flag,
};

/** Reads the command line; `undefined` if it asks for help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const given = optionsOf(args, OPTIONS);
  if (given.help === true) return undefined;
  return checked(schema, given);
}
