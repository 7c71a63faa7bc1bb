import * as z from 'zod';
import { userId } from '#wire/fields.ts';
import { checked, numberOf, optionsOf, UsageError } from '../command-line.ts';
import { LOCAL_STACK } from '../local-stack.ts';
import { nameOption } from '../operator-token.ts';
import { checkOneStack, stackOptions } from '../stack-url.ts';
import { isTimeZone, momentOf } from './moment.ts';

export const USAGE = `npm run why -- --user <user> [options]

Says why a user's phone rang or did not ring: finds their calls around a time, with what became of each phone, what they were
refused, and their devices then and now.

  --user <user>        the user
  --at <time>          14:05, "2026-11-20 14:05" or 2026-11-20T14:05:00Z; default now
  --tz <zone>          the time zone of --at, and of what is printed, such as Europe/Berlin; default this computer's
  --within <minutes>   how far around that time to look, 1 to 1440; default 15
  --stage <name>       a deployed stage; found with your AWS credentials. Without it: the local stack
  --url <url>          the address of the local stack; default ${LOCAL_STACK}
  --name <name>        who you are, for the log of the stage; default your user name on this computer
  --help               print this text

Exits with 0 if it found a call or a refusal, with 1 if it found neither or got no answer, with 2 if the options are wrong.`;

const zone = z
  .string()
  .refine(isTimeZone, 'must be a time zone, such as Europe/Berlin')
  .default(() => Intl.DateTimeFormat().resolvedOptions().timeZone);

const schema = z.object({
  user: z.string('name the user').pipe(userId),
  at: z.string().optional(),
  tz: zone,
  within: numberOf('minutes', 1, 1440).default(15),
  ...stackOptions,
  name: nameOption,
});

/** Whose phone, and when. */
export interface Question {
  readonly user: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tz: string;
  readonly withinMs: number;
}

/** What is asked, where, and by whom. */
export interface Options extends Question, Pick<z.output<typeof schema>, 'stage' | 'url' | 'name'> {}

const text = { type: 'string' } as const;
const OPTIONS = {
  ...{ user: text, at: text, tz: text, within: text, stage: text, url: text, name: text },
  help: { type: 'boolean' },
} as const;

/** Reads the command line; `undefined` if it asks for help. */
export function readOptions(args: readonly string[], now: number): Options | undefined {
  const { help, ...given } = optionsOf(args, OPTIONS);
  if (help === true) return undefined;
  checkOneStack(given);
  const { at: said, within, ...options } = checked(schema, given);
  const at = said === undefined ? now : momentOf(said, options.tz, now);
  if (at === undefined)
    throw new UsageError(`--at: ${said} is not a time: write 14:05, "2026-11-20 14:05" or 2026-11-20T14:05:00Z`);
  return { ...options, at, withinMs: within * 60_000 };
}
