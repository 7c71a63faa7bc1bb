import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** The types of events that a webhook may ask for. */
export const EVENT_TYPES = [
  'call.created',
  'call.ring',
  'call.accepted',
  'call.rejected',
  'call.cancelled',
  'call.missed',
  'call.member_added',
  'call.member_left',
  'call.ended',
  'device.registered',
  'device.removed',
  'push.provider_failing',
] as const;

/** `whsec_` and Base64, as Standard Webhooks writes a secret. */
const secret = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/,
    'is not whsec_ and Base64',
  );

/** One secret, or two while it rotates. */
const secrets = z
  .union([z.string().transform((text) => text.split(/\s+/).filter(Boolean)), z.array(z.string())])
  .pipe(z.array(secret).min(1).max(2));

/** A webhook as its secret has it, as far as it can be told here whether it is called. */
const webhook = z.object({
  url: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .refine((url) => isIP(hostOf(url)) === 0 || mayBeReached(hostOf(url)), { error: 'is not on the public internet' }),
  secret: secrets,
  events: z
    .array(z.string().refine((type) => EVENT_TYPES.some((known) => known === type), 'is no event'))
    .min(1)
    .optional(),
});

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/** A list of networks. It takes an IPv4 address in the form of IPv6 for the IPv4 address that it is. */
function networks(...cidrs: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    list.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** This machine, which the functions of the local stack may call. */
const isLoopback = networks('127.0.0.0/8', '::1/128');
/** The private and link-local addresses that people write by mistake, and all of IPv6 that is not public. The functions refuse all others that are not public, too. */
const isPrivate = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
);
const isGlobal = networks('2000::/3');

const mayBeReached = (address: string): boolean =>
  isLoopback(address) || (!isPrivate(address) && (isIP(address) === 4 || isGlobal(address)));

/** What is wrong with the entries of `CARILLON_WEBHOOKS` that are never called, by their places in the list. */
export const refusedWebhooks = (entries: readonly unknown[] = []): string[] =>
  entries.flatMap((entry, i) => {
    const { error } = webhook.safeParse(entry);
    const problems = error?.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' '));
    return problems ? [`Webhook ${i + 1} is refused and never called: ${problems.join('; ')}.`] : [];
  });
