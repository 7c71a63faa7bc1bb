import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import type { Webhook, Webhooks } from '#ports/webhooks.ts';
import { jsonOf } from '#wire/json.ts';
import { reportEvents } from '#wire/report/events.ts';

/** A secret that signs, as Standard Webhooks writes one: `whsec_` and Base64. */
const secret = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/,
    'is not whsec_ and Base64',
  );

/** One secret, or two while it rotates: as a list, or with a space between them. */
const secrets = z
  .union([z.string().transform((text) => text.split(/\s+/).filter(Boolean)), z.array(z.string())])
  .pipe(z.array(secret).min(1).max(2));

const eventType = z.string().refine((type) => Object.hasOwn(reportEvents, type), { error: 'is no event' });

export interface WebhookBookOptions {
  readonly read: () => Promise<string>;
  /** Whether an address that is written out may be called. */
  readonly mayReach: (address: string) => boolean;
  /** Hears of what is wrong: with the secret, or with one of its entries. It names fields, never their values. */
  readonly onFault: (fault: string) => void;
}

/**
 * The webhooks of the secret `webhooks`. An entry that may not be called is left out and named; the others are used. While
 * the secret as a whole cannot be read, those that were there before are used, and without any it throws: what is to be
 * delivered waits, since nobody can tell for whom it is.
 */
export function webhookBook({ read, mayReach, onFault }: WebhookBookOptions): Webhooks {
  const entry = z.object({
    url: z
      .url({ protocol: /^https$/, error: 'must be an https address', abort: true })
      .refine((url) => mayReachHost(new URL(url).hostname, mayReach), { error: 'is not on the public internet' }),
    secret: secrets,
    events: z.array(eventType).min(1).optional(),
  });
  let known: { readonly text: string; readonly webhooks: readonly Webhook[] } | undefined;

  const parse = (text: string): readonly Webhook[] => {
    const entries = z.array(z.unknown()).safeParse(jsonOf(text));
    if (!entries.success) {
      const fault = 'the webhooks secret is not a list in JSON';
      onFault(fault);
      if (!known) throw new Error(fault);
      return known.webhooks;
    }
    return entries.data.flatMap((each, i) => {
      const { data, error } = entry.safeParse(each);
      if (data)
        return [{ key: keyOfUrl(data.url), url: data.url, secrets: data.secret, ...defined({ events: data.events }) }];
      const problems = error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '));
      onFault(`webhook ${i + 1} is refused: ${problems.join('; ')}`);
      return [];
    });
  };

  return {
    async all() {
      const text = await read();
      if (known?.text !== text) known = { text, webhooks: parse(text) };
      return known.webhooks;
    },
  };
}

function mayReachHost(host: string, mayReach: WebhookBookOptions['mayReach']): boolean {
  const literal = host.replace(/^\[|\]$/g, '');
  return isIP(literal) === 0 || mayReach(literal);
}

/** An address may hold a secret in its path. */
const keyOfUrl = (url: string): string => createHash('sha256').update(url).digest('hex').slice(0, 16);
