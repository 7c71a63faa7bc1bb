import * as z from 'zod';
import { UsageError } from './command-line.ts';
import { LOCAL_STACK } from './local-stack.ts';

/** The address of a stack, as an option of a command line. */
export const stackUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/** The options that name a stack: a deployed stage, or else the local stack at a URL. */
export const stackOptions = {
  stage: z.string().min(1, 'must name a stage').optional(),
  url: stackUrl.default(LOCAL_STACK),
};

/** Refuses options that name two stacks. */
export function checkOneStack({ stage, url }: { stage?: string | undefined; url?: string | undefined }): void {
  if (stage !== undefined && url !== undefined)
    throw new UsageError('--stage takes the place of --url: give only one of them');
}
