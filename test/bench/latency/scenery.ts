import { randomUUID } from 'node:crypto';
import { anApnsToken } from '../../support/push-tokens.ts';
import { type Api, api } from '../../support/raw-client.ts';
import { openTimedSocket, type TimedSocket } from './timed-socket.ts';

/** A user of the stack, with a login. */
export interface BenchUser {
  readonly id: string;
  readonly token: string;
}

/** A request that a push service got. */
export interface ReceivedPush {
  /** When, by the machine's monotonic clock. */
  readonly monotonic_ms: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the provider's
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- see above
}

/** The local stack as the bench sees it. */
export interface Scenery {
  readonly rest: Api;
  user(name: string): Promise<BenchUser>;
  /** Registers an Android phone and an iPhone, and returns their push tokens. */
  phonesOf(user: BenchUser): Promise<{ readonly android: string; readonly iphone: string }>;
  /** Opens `/ws` without waiting for the hello. */
  open(token: string, hardwareId?: string): Promise<TimedSocket>;
  /** The `nth` request for a push token, as soon as it is there. */
  push(token: string, nth: number): Promise<ReceivedPush>;
  /** Resolves when no function is at work and all queues are empty, so that the next measurement is not disturbed. */
  quiet(): Promise<void>;
  /** Throws if a push broke a rule of Apple's or Google's, since its time would not count. */
  assertNoBreach(): Promise<void>;
}

/** A unique name. */
export const fresh = (name: string): string => `${name}-${randomUUID().slice(0, 13)}`;

/** The scenery at `url`. */
export function sceneryAt(url: string): Scenery {
  const rest = api(url);
  const register = async (token: string, id: string, more: object): Promise<string> => {
    await succeeded(rest.request('POST', '/api/v2/devices', { token, body: { id, ...more } }));
    return id;
  };
  return {
    rest,
    async user(name) {
      const id = fresh(name);
      const { token } = await succeeded(
        rest.request('POST', '/_local/tokens', { body: { claims: { user_id: id, name } } }),
      );
      return { id, token };
    },
    async phonesOf({ token }) {
      const phone = (id: string, more: object) => register(token, id, { hardware_id: id, ...more });
      const android = await phone(fresh('android'), { push_provider: 'firebase' });
      const iphone = await phone(anApnsToken(), { push_provider: 'apn', voip_token: true });
      return { android, iphone };
    },
    open: (token, hardwareId) =>
      openTimedSocket(
        `${url.replace('http', 'ws')}/ws?token=${token}${hardwareId === undefined ? '' : `&hardware_id=${hardwareId}`}`,
      ),
    async push(token, nth) {
      const { pushes } = await succeeded(rest.request('GET', `/_local/pushes?token=${token}&at_least=${nth}`));
      if (pushes.length < nth) throw new Error(`push ${nth} to ${token} did not come`);
      return pushes[nth - 1];
    },
    async quiet() {
      await succeeded(rest.request('GET', `/_local/quiet?delayed=${Number.MAX_SAFE_INTEGER}`));
    },
    async assertNoBreach() {
      const { violations } = await succeeded(rest.request('GET', '/_local/violations'));
      if (violations.length > 0) throw new Error(`pushes broke rules: ${JSON.stringify(violations.slice(0, 5))}`);
    },
  };
}

/** The body of an answer; throws if the request failed. */
export async function succeeded(asked: ReturnType<Api['request']>) {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}
