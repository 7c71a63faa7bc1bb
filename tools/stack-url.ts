import * as z from 'zod';

/** The address of a stack, as an option of a command line. */
export const stackUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
