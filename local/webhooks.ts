import { isIP } from 'node:net';
import { z } from 'zod';

const LOOPBACK = /^(?:127\.|::1$)/;

/** A webhook as its secret has it, as far as it can be told here whether it is called. */
const webhook = z.object({
  url: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .refine((url) => isIP(hostOf(url)) === 0 || LOOPBACK.test(hostOf(url)) || !isPrivate(hostOf(url)), {
      error: 'is not on the public internet',
    }),
  secret: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2)]),
  events: z.array(z.string()).min(1).optional(),
});

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/** The private and link-local addresses that people write by mistake. The functions refuse all others that are not public, too. */
const isPrivate = (address: string): boolean =>
  /^(?:0\.|10\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|f[cd]|fe[89ab])/i.test(address);

/** What is wrong with the entries of `CARILLON_WEBHOOKS` that are never called, by their places in the list. */
export const refusedWebhooks = (entries: readonly unknown[] = []): string[] =>
  entries.flatMap((entry, i) => {
    const { error } = webhook.safeParse(entry);
    const problems = error?.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '));
    return problems ? [`Webhook ${i + 1} is refused and never called: ${problems.join('; ')}.`] : [];
  });
