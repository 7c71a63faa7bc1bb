import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { defined } from '#domain/defined.ts';
import { once } from '#domain/once.ts';
import { type Outgoing, OutgoingError, type OutgoingRequest } from '#ports/outgoing.ts';
import { dns, http, net } from './builtins.ts';
import { networks, reachable } from './networks.ts';

type MayReach = (address: string) => boolean;

/** Requests that reach public addresses, and those of `privateNetworks` (each `address/prefix`), and no others. */
export function guardedRequests(privateNetworks: readonly string[]): Outgoing {
  const isAllowed = once(() => networks(privateNetworks));
  const isReachable = once(() => reachable(privateNetworks));
  return {
    async send(request) {
      const url = new URL(request.url);
      const isPlain = url.protocol === 'http:' && request.plainOnPrivate === true;
      if (url.protocol !== 'https:' && !isPlain) {
        throw new OutgoingError('not_https', `${url.hostname} is to be reached by https only`);
      }
      const mayReach: MayReach = isPlain ? isAllowed() : isReachable();
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      // Nothing is looked up for an address that is written out.
      if (net().isIP(literal) !== 0 && !mayReach(literal)) throw privateAddress(url.hostname);
      return exchange(url, request, { isPlain, mayReach });
    },
  };
}

const privateAddress = (host: string): OutgoingError =>
  new OutgoingError('private_address', `${host} is not on the public internet`);

/** Looks a name up for a connection, and hands on only addresses that may be reached: what is checked is what is connected to. */
const guardedLookup =
  (mayReach: MayReach): LookupFunction =>
  (hostname, options, callback) => {
    dns().lookup(hostname, { ...options, all: true }, (error, found) => {
      const [first, ...rest] = error ? [] : found.filter(({ address }) => mayReach(address));
      if (!first) callback(error ?? privateAddress(hostname), []);
      else if (options.all === true) callback(null, [first, ...rest]);
      else callback(null, first.address, first.family);
    });
  };

async function exchange(
  url: URL,
  { method, headers, body, timeoutMs, maxBytes }: OutgoingRequest,
  { isPlain, mayReach }: { readonly isPlain: boolean; readonly mayReach: MayReach },
) {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await new Promise<IncomingMessage>((resolved, reject) => {
      const outgoing = (isPlain ? http().request : httpsRequest)(url, {
        method,
        headers: {
          ...headers,
          ...defined({ 'content-length': body === undefined ? undefined : Buffer.byteLength(body) }),
        },
        lookup: guardedLookup(mayReach),
        // These requests are rare, and a frozen function cannot keep a connection open.
        agent: false,
        signal,
      });
      outgoing.once('response', resolved).once('error', reject).end(body);
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response, maxBytes) };
  } catch (error) {
    if (error instanceof OutgoingError) throw error;
    if (signal.aborted) throw new OutgoingError('timed_out', `${url.hostname} did not answer in ${timeoutMs} ms`);
    throw new OutgoingError('unreachable', `${url.hostname} cannot be reached`, error);
  }
}

/** The text of an answer. One that is too long is cut off where it is found out. */
async function textOf(response: IncomingMessage, maxBytes: OutgoingRequest['maxBytes']): Promise<string> {
  if (maxBytes === 'status alone') {
    response.destroy();
    return '';
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new OutgoingError('too_large', `an answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return String(Buffer.concat(chunks));
}
