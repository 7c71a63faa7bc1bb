import { optionsOf, UsageError } from '../command-line.ts';
import { LOCAL_STACK } from '../local-stack.ts';

export const USAGE = `npm run doctor [-- options]

Checks that a stack can ring: that it answers, that the secrets for calls are usable, and that FCM and APNs accept a push of
each push provider in the secret, in both of Apple's environments. Nobody can receive these pushes: no phone rings.

  --url <url>      the address of the local stack; default ${LOCAL_STACK}
  --stage <name>   a deployed stage instead; its URL and secrets are found with your AWS credentials
  --help           print this text

Exits with 0 if all is well, with 1 if there is something to fix, with 2 if the options are wrong.`;

/** What to check. */
export type Target = { readonly stage: string } | { readonly url: string };

const OPTIONS = { url: { type: 'string' }, stage: { type: 'string' }, help: { type: 'boolean' } } as const;

/** Reads the command line; `undefined` if it asks for help. */
export function readTarget(args: readonly string[]): Target | undefined {
  const { url, stage, help } = optionsOf(args, OPTIONS);
  if (help === true) return undefined;
  if (url !== undefined && stage !== undefined)
    throw new UsageError('--stage takes the place of --url: give only one of them');
  if (stage !== undefined) return { stage };
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UsageError('--url: must be an http or https URL');
  return { url: url ?? LOCAL_STACK };
}
