import type { PushProvider } from '#domain/push-token/token.ts';
import { type LocalStack, startLocalStack } from '../bench/local-stack.ts';
import { watchedApi, watchedSocket } from './documented.ts';
import { unique } from './people.ts';
import { anApnsToken } from './push-tokens.ts';
import { type Answer, api, openSocket, type Socket } from './raw-client.ts';

/** A local stack for one test file, since it is set up in another way than the one that all others share. */
export interface OwnStack {
  readonly url: string;
  /** Sends a request; with claims instead of a token, by a token with these claims. */
  request(method: string, path: string, by: object | string, body?: unknown): Promise<Answer>;
  tokenWith(claims: object): Promise<string>;
  /** Opens `/ws` by a token with these claims and waits for the hello. */
  connect(claims: object): Promise<Socket>;
  stop(): Promise<void>;
}

/** Starts a stack of the stage `test` with these variables. What clients get is checked against the documents. */
export async function startOwnStack(env: Readonly<Record<string, string>>, log?: string): Promise<OwnStack> {
  const { url, stop }: LocalStack = await startLocalStack({ CARILLON_STAGE: 'test', ...env }, log);
  const rest = watchedApi(api(url));
  const tokenWith = async (claims: object): Promise<string> =>
    (await rest.request('POST', '/_local/tokens', { body: { claims } })).body.token;
  return {
    url,
    stop,
    tokenWith,
    async request(method, path, by, body) {
      const token = typeof by === 'string' ? by : await tokenWith(by);
      return rest.request(method, path, { token, ...(body !== undefined && { body }) });
    },
    async connect(claims) {
      const token = encodeURIComponent(await tokenWith(claims));
      const socket = watchedSocket(await openSocket(`${url}/ws?token=${token}`));
      await socket.next('user.connected');
      return socket;
    },
  };
}

/** A new device of a push provider, as it is registered. */
export async function deviceOn({ request }: OwnStack, provider: PushProvider) {
  if (provider === 'apn') return { id: anApnsToken(), push_provider: provider, voip_token: true };
  if (provider === 'firebase') return { id: unique('token'), push_provider: provider };
  const { body } = await request('POST', '/_local/webpush/subscriptions', {}, {});
  const [id, keys]: [string, object] = [body.endpoint, body.keys];
  return { id, push_provider: provider, keys };
}
