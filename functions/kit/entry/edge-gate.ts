import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

/** The header by which the distribution shows that a request came through it. It replaces what a client sends. */
const HEADER = 'x-carillon-edge';

/** Says by the headers of a request, with names in lower case or not, whether it came through the edge. */
export type EdgeGate = (headers: Readonly<Record<string, string | undefined>>) => boolean;

/** Every value counts, so that a secret can be replaced while the distribution still sends the one before. */
const secretsSchema = z.record(z.string(), z.string().min(32));

/** Lets in what carries one of `secrets`, which are JSON; without secrets there is no edge, and everything is let in. */
export function edgeGate(secrets: string | undefined): EdgeGate {
  if (secrets === undefined) return () => true;
  const accepted = Object.values(secretsSchema.parse(JSON.parse(secrets))).map((secret) => Buffer.from(secret));
  return (headers) => {
    const sent = Object.entries(headers).find(([name]) => name.toLowerCase() === HEADER)?.[1];
    const shown = Buffer.from(sent ?? '');
    return accepted.some((secret) => secret.length === shown.length && timingSafeEqual(secret, shown));
  };
}
