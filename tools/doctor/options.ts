import { parseArgs } from 'node:util';

export const USAGE = `npm run doctor [-- options]

Checks that a stack can ring: that it answers, its three secrets, and by a push that nobody can receive that FCM and APNs
take what each push provider in the secret sends, in both of Apple's environments. No phone rings.

  --url <url>      the local stack; default http://127.0.0.1:8181
  --stage <name>   a deployed stage instead: your AWS credentials find its URL and secrets
  --help           this text

Exits with 0 where all is well, with 1 where there is something to fix, with 2 where the options are wrong.`;

/** The options do not make sense: what is wrong, for whoever typed them. */
export class UsageError extends Error {}

/** What to check. */
export type Target = { readonly stage: string } | { readonly url: string };

const LOCAL = 'http://127.0.0.1:8181';

/** Reads the command line; `undefined` where it asks for help. */
export function readTarget(args: readonly string[]): Target | undefined {
  const { url, stage, help } = parsed(args);
  if (help === true) return undefined;
  if (url !== undefined && stage !== undefined) throw new UsageError('--stage takes the place of --url');
  if (stage !== undefined) return { stage };
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UsageError('--url: must be an http or https URL');
  return { url: url ?? LOCAL };
}

function parsed(args: readonly string[]) {
  try {
    const options = { url: { type: 'string' }, stage: { type: 'string' }, help: { type: 'boolean' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
