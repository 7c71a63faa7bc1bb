import { parseArgs } from 'node:util';
import { z } from 'zod';

export const USAGE = `npm run ring -- --to <user> [options]

Rings a user of a stack and prints the trace of the call as it happens. Ctrl-C hangs up.

  --to <user>            whom to ring
  --from <user>          who calls; default carillon-ring
  --url <url>            the REST API; default http://127.0.0.1:8181, the local stack
  --token <token>        a server token of that stack, else CARILLON_SERVER_TOKEN; the local stack gives one by itself
  --stage <name>         a deployed stage in place of --url and --token: your AWS credentials find its URL and token keys
  --video                a video call
  --timeout <s>          how long it rings, 5 to 180 seconds; default 30
  --hang-up-after <s>    how long a call that was answered lasts; default 10 seconds
  --help                 this text

A user who cannot be reached is not waited for. Exits with 0 where a phone or an app was reached, with 1 where none was or
the stack could not be asked, with 2 where the options are wrong.`;

/** The options do not make sense: what is wrong, for whoever typed them. */
export class UsageError extends Error {}

const seconds = (least: number, most: number) =>
  z.coerce
    .number(`must be a number of seconds`)
    .min(least, `must be at least ${least} seconds`)
    .max(most, `must be at most ${most} seconds`);

const schema = z
  .object({
    to: z.string('whom to ring is missing').min(1, 'whom to ring is missing'),
    from: z.string().min(1).default('carillon-ring'),
    url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
    token: z.string().min(1).optional(),
    stage: z.string().min(1).optional(),
    video: z.boolean().default(false),
    timeout: seconds(5, 180).default(30),
    'hang-up-after': seconds(0, 3600).default(10),
  })
  .refine(({ stage, url, token }) => stage === undefined || (url === undefined && token === undefined), {
    path: ['stage'],
    message: 'takes the place of --url and --token',
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must be another user than --from' });

/** What to do: whom to ring, where and how. */
export type Options = z.output<typeof schema>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Reads the command line; `undefined` where it asks for help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const given = parsed(args);
  if (given.help === true) return undefined;
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw new UsageError(read.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '));
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        to: text,
        from: text,
        url: text,
        token: text,
        stage: text,
        video: flag,
        timeout: text,
        'hang-up-after': text,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
