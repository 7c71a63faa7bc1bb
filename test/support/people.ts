import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type ReceivedPush, watchedApi, watchedSocket, watchPush } from './documented.ts';
import { PATIENCE_MS } from './patience.ts';
import { anApnsToken } from './push-tokens.ts';
import { type Answer, api, openSocket, type Socket } from './raw-client.ts';
import { rememberingApi, rememberingSocket } from './secrets-sent.ts';

/** A user of the stack under test, with requests in their name. */
export interface Person {
  readonly id: string;
  readonly token: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Opens `/ws` and waits for the hello. */
  connect(options?: { hardwareId?: string; token?: string }): Promise<Socket>;
  /** Registers an Android phone and returns its push token. */
  android(extra?: object): Promise<string>;
  /** Registers an iPhone's PushKit token and returns it. */
  iphone(extra?: object): Promise<string>;
}

const url = (): string => inject('stackUrl');

/** The REST API of the stack under test. Its answers are checked against the documents. */
export const rest = () => rememberingApi(watchedApi(api(url())));

/** A fresh name that no other test uses. */
export const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

/** A token with these claims, signed with the stack's own keys. */
export async function tokenWith(claims: object, extra: object = {}): Promise<string> {
  return (await rest().request('POST', '/_local/tokens', { body: { claims, ...extra } })).body.token;
}

/** Opens `/ws` with a token. Its frames are checked against the documents. */
export const connectWith = async (token: string, query = ''): Promise<Socket> =>
  rememberingSocket(watchedSocket(await openSocket(`${url()}/ws?token=${encodeURIComponent(token)}${query}`)));

/** Creates a user that no other test uses. */
export async function person(name: string): Promise<Person> {
  const id = unique(name);
  const token = await tokenWith({ user_id: id, name });
  const request = (method: string, path: string, body?: unknown) =>
    rest().request(method, path, { token, ...(body !== undefined && { body }) });
  const register = async (push: string, body: object): Promise<string> => {
    const answer = await request('POST', '/api/v2/devices', { id: push, ...body });
    if (answer.status !== 201) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
    return push;
  };
  return {
    id,
    token,
    get: (path) => request('GET', path),
    post: (path, body = {}) => request('POST', path, body),
    put: (path, body) => request('PUT', path, body),
    delete: (path) => request('DELETE', path),
    async connect({ hardwareId, token: other = token } = {}) {
      const socket = await connectWith(other, hardwareId === undefined ? '' : `&hardware_id=${hardwareId}`);
      await socket.next('user.connected');
      return socket;
    },
    android: (extra = {}) => register(unique(`${name}-token`), { push_provider: 'firebase', ...extra }),
    iphone: (extra = {}) => register(anApnsToken(), { push_provider: 'apn', voip_token: true, ...extra }),
  };
}

/** Creates several users, in the order of their names. */
export async function people<const Names extends readonly string[]>(
  ...names: Names
): Promise<{ -readonly [Index in keyof Names]: Person }> {
  const made = await Promise.all(names.map(person));
  // One for each name: `map` keeps the length, but its type does not say so.
  return made as { -readonly [Index in keyof Names]: Person };
}

/** The pushes for a token so far, once there are that many. */
export async function pushes(token: string, atLeast = 0): Promise<ReceivedPush[]> {
  const query = new URLSearchParams({ token, at_least: String(atLeast) });
  const { body } = await rest().request('GET', `/_local/pushes?${query}`);
  const received: ReceivedPush[] = body.pushes;
  for (const push of received) watchPush(push);
  return received;
}

/** Calls `look` until it finds something, and fails if that takes too long. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > until) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * What becomes of a token of the identity provider at a function that knows its keys. On a busy machine they may come later
 * than a function waits for them: until then it refuses every such token (`docs/identity.md`), and is asked again.
 */
export async function onceKeysAreKnown<T extends Answer | Socket>(attempt: () => Promise<T>): Promise<T> {
  const known = async (): Promise<T | undefined> => {
    try {
      const result = await attempt();
      return 'body' in result && result.body?.reason === 'unknown_key' ? undefined : result;
    } catch (error) {
      // The refusal of a socket has no reason.
      if (Object(error).status !== 401) throw error;
      return undefined;
    }
  };
  return eventually(known, 'an answer of a function that knows the keys');
}

/** The keys of a push, whichever service it went through. */
export const keysOf = ({ provider, body }: ReceivedPush): Record<string, string> =>
  provider === 'fcm' ? body.message.data : body;

/** The first push of a `type` to a token. */
export const pushOf = (token: string, type: string): Promise<ReceivedPush> =>
  eventually(async () => (await pushes(token)).find((push) => keysOf(push)['type'] === type), `${type} to ${token}`);

/** Scripts the outcomes of the next pushes to a token. */
export const script = async (token: string, ...outcomes: object[]): Promise<void> => {
  const answer = await rest().request('POST', '/_local/push-outcomes', { body: { token, outcomes } });
  if (answer.status >= 300) throw new Error(`not scripted: ${JSON.stringify(answer.body)}`);
};

/** Has every push to a token end like that, however often a busy machine makes the product try. */
export const scriptAll = (token: string, outcome: object): Promise<void> =>
  script(token, ...Array.from({ length: 10 }, () => outcome));

const ringFor = (ms: number) => ({ settings_override: { ring: { auto_cancel_timeout_ms: ms } } });

/** The longest ring: its deadline does not pass while a busy machine is at work. */
export const LONG_RING = ringFor(180_000);

/** For a test that waits for the deadline: long enough for a busy machine to act before it. */
export const SHORT_RING = ringFor(12_000);

/** Leaves the length of a ring to the stack. */
export const DEFAULT_RING = { settings_override: undefined };

/** The path of a call. */
export const callPath = (id: string, last = ''): string => `/api/v2/video/call/default/${id}${last}`;

/** The path of the sessions, for clients of that dialect. */
export const SESSIONS = '/api/v1/calls/session';

/** Rings one or several callees over REST, for long unless `extra` says otherwise. */
export async function ring(
  caller: Person,
  callee: Person | Person[],
  extra: object = {},
): Promise<{ id: string; cid: string; answer: Answer }> {
  const id = unique('call');
  const members = [callee].flat().map(({ id: user_id }) => ({ user_id }));
  const answer = await caller.post(callPath(id), { members, ring: true, ...LONG_RING, ...extra });
  return { id, cid: `default:${id}`, answer };
}
