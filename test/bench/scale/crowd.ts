import { randomUUID } from 'node:crypto';
import { anApnsToken } from '../../support/push-tokens.ts';
import { api, openSocket, type Socket } from '../../support/raw-client.ts';
import { eachOf } from './each-of.ts';

/** A caller or callee. */
export interface User {
  readonly id: string;
  readonly token: string;
}

/** A user with a WebSocket that has got its hello. */
export interface Online extends User {
  readonly socket: Socket;
}

/** How many users act at once: as many as a stack has processes for it. */
const AT_ONCE = 10;

/** A unique name, always of the same length, so that the cost of storing it does not vary. */
export const fresh = (name: string): string => `${name}-${randomUUID().slice(0, 13)}`;

/** New users, each with a login token. */
export const users = (url: string, name: string, many: number): Promise<User[]> =>
  eachOf(
    Array.from({ length: many }, () => fresh(name)),
    AT_ONCE,
    async (id) => {
      const { body } = await api(url).request('POST', '/_local/tokens', {
        body: { claims: { user_id: id, name }, expires_in_s: 7200 },
      });
      return { id, token: body.token };
    },
  );

/** Opens a WebSocket for a user, and waits for its hello. Returns both the socket and how long the hello took, in ms. */
export async function connect(url: string, user: User): Promise<Online & { readonly greetedMs: number }> {
  const socket = await openSocket(`${url}/ws?token=${user.token}`);
  const openAt = performance.now();
  await socket.next('user.connected');
  return { ...user, socket, greetedMs: performance.now() - openAt };
}

/** Opens a WebSocket for each, ten at a time. */
export const connectAll = (url: string, all: readonly User[]): Promise<Online[]> =>
  eachOf(all, AT_ONCE, (user) => connect(url, user));

/** Registers a phone of a user, and returns its push token. */
export async function addPhone(url: string, { id, token }: User, platform: 'android' | 'iphone'): Promise<string> {
  const push = platform === 'android' ? fresh(`android-of-${id}`) : anApnsToken();
  const kind = platform === 'android' ? { push_provider: 'firebase' } : { push_provider: 'apn', voip_token: true };
  const body = { id: push, hardware_id: push.slice(-13), ...kind };
  const { status } = await api(url).request('POST', '/api/v2/devices', { token, body });
  if (status !== 201) throw new Error(`a phone was not registered: ${status}`);
  return push;
}

/** Registers an Android phone for each. */
export const addPhones = (url: string, all: readonly User[]): Promise<string[]> =>
  eachOf(all, AT_ONCE, (user) => addPhone(url, user, 'android'));

/** A push that a push service has received: its time and its keys. */
export interface Received {
  readonly at: number;
  readonly keys: Readonly<Record<string, string>>;
}

/** The pushes to a token so far; with `atLeast`, waits until there are so many. */
export async function received(url: string, token: string, atLeast = 0): Promise<Received[]> {
  const { body } = await api(url).request('GET', `/_local/pushes?token=${token}&at_least=${atLeast}`);
  return body.pushes.map(({ at, body: of }: { at: string; body: { message?: { data: object } } }) => ({
    at: Date.parse(at),
    keys: of.message?.data ?? of,
  }));
}
