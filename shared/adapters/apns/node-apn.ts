import { Notification, Provider } from '@parse/node-apn';
import type { ApnsRequest } from './request.ts';

// A file of its own in the ring function, loaded only if a provider asks for it: it imports none of our code that the rest needs, too.

/** What the library is told of a provider. */
export interface NodeApnOptions {
  readonly token: { readonly key: string; readonly keyId: string; readonly teamId: string };
  readonly sandbox: boolean;
  /** `https://host:port` to use instead of Apple's own hosts. */
  readonly endpoint?: string | undefined;
  /** How long APNs may take to answer. */
  readonly timeoutMs: number;
}

/** What APNs answered. With `status` 0 it did not, and `reason` says why. */
export interface LibraryAnswer {
  readonly status: number;
  readonly reason: string;
  readonly timestamp?: number | undefined;
}

/** One key at one environment of APNs, over one connection. */
export interface NodeApnClient {
  send(deviceToken: string, request: ApnsRequest): Promise<LibraryAnswer>;
  close(): void;
}

/** Opens a client. It throws if the key is malformed. */
export function openNodeApn({ token, sandbox, endpoint, timeoutMs }: NodeApnOptions): NodeApnClient {
  const { hostname: address, port } = new URL(endpoint ?? 'https://unused');
  const options = {
    token,
    production: !sandbox,
    requestTimeout: timeoutMs,
    // Whether there is another attempt is for the ring to say.
    connectionRetryLimit: 0,
    // APNs allows one request on a connection until it has accepted a token. Without this option all others would be lost.
    peerMaxConcurrentStreams: 1,
    ...(endpoint !== undefined && { address, port: Number(port || 443) }),
  };
  const provider = new Provider(options);
  return {
    async send(deviceToken, request) {
      const { sent, failed } = await provider.send(noteOf(request), encodeURIComponent(deviceToken));
      return sent.length > 0 ? { status: 200, reason: '' } : answerOf(failed[0]);
    },
    close: () => void provider.shutdown(),
  };
}

/** A notification with our headers and body as they are. */
const noteOf = ({ headers, body }: ApnsRequest): Notification =>
  Object.assign(new Notification(), { headers: () => headers, compile: () => JSON.stringify(body) });

/** The library throws most of an answer away: what is left of it. */
function answerOf(failure: unknown): LibraryAnswer {
  const { status, response, error } = Object(failure);
  const { reason, timestamp } = Object(response);
  const said = reason ?? Object(error).message;
  return {
    status: Number.isInteger(status) ? status : 0,
    reason: typeof said === 'string' ? said : 'no answer',
    ...(typeof timestamp === 'number' && { timestamp }),
  };
}
