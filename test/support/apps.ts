import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { type ReceivedPush, watchedSocket } from './documented.ts';
import { PATIENCE_MS } from './patience.ts';
import { callPath, eventually, keysOf, type Person, person, pushes, rest, tokenWith, unique } from './people.ts';
import { type Answer, type Frame, openSocket, type Socket } from './raw-client.ts';
import { rememberingSocket } from './secrets-sent.ts';
import { type StalledRelay, stalledRelay } from './stalled-relay.ts';

/** How long a test may take: several waits in a row. */
export const APP_TEST_MS = 4 * PATIENCE_MS + 10_000;

/** How long a ring lasts whose caller does not say. */
export const RING_MS = 45_000;

/** How an app opens its socket. */
export interface AppStart {
  readonly hardwareId?: string;
  readonly sessionId?: string;
  /** Another token than the user's own. */
  readonly token?: string;
  /** The origin to connect to, if it is not the stack's. */
  readonly origin?: string;
}

/** The socket of an app. */
export interface App extends Socket {
  /** The frames of a type so far. */
  heard(type: string, fits?: (frame: Frame) => boolean): Frame[];
}

/** What the tests of this file opened. Several run side by side, so nothing is closed before all of them are done. */
const opened: (() => unknown)[] = [];
afterAll(() => Promise.all(opened.splice(0).map((close) => close())));

let asked = 0;

/** The same socket, with the patience of these tests. */
function patient(socket: Socket): App {
  const taken = new Set<Frame>();
  const waiting = new Set<() => void>();
  socket.raw.on('message', () => {
    for (const look of [...waiting]) look();
  });
  const take = (fits: (frame: Frame) => boolean, what: string): Promise<Frame> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        waiting.delete(look);
        clearTimeout(timer);
      };
      const look = (): void => {
        const frame = socket.frames.find((one) => !taken.has(one) && fits(one));
        if (!frame) return;
        taken.add(frame);
        end();
        resolve(frame);
      };
      const timer = setTimeout(() => {
        end();
        const types = socket.frames.map(({ type }) => type);
        reject(new Error(`no ${what} within ${PATIENCE_MS} ms; got ${JSON.stringify(types)}`));
      }, PATIENCE_MS);
      waiting.add(look);
      look();
    });
  return {
    ...socket,
    next: (type, fits = () => true) => take((frame) => frame.type === type && fits(frame), type),
    ask(frame) {
      asked += 1;
      const id = `app-${asked}`;
      socket.send({ ...frame, id });
      const isAnswer = ({ type, ...fields }: Frame) => (type === 'response' || type === 'error') && fields['id'] === id;
      return take(isAnswer, `answer to ${JSON.stringify(frame).slice(0, 200)}`);
    },
    heard: (type, fits = () => true) => socket.frames.filter((frame) => frame.type === type && fits(frame)),
  };
}

/** Opens `/ws` with exactly this query. Its frames are checked against the documents; it is cut after the tests. */
export async function openApp(query: string, origin = inject('stackUrl')): Promise<App> {
  const socket = patient(rememberingSocket(watchedSocket(await openSocket(`${origin}/ws?${query}`))));
  opened.push(() => socket.raw.terminate());
  return socket;
}

/** Starts an app of `who` and waits for its `user.connected`. */
export async function startApp(who: Person, { hardwareId, sessionId, token, origin }: AppStart = {}): Promise<App> {
  const query = new URLSearchParams({
    token: token ?? who.token,
    ...(hardwareId !== undefined && { hardware_id: hardwareId }),
    ...(sessionId !== undefined && { session_id: sessionId }),
  });
  const app = await openApp(String(query), origin);
  await app.next('user.connected');
  return app;
}

/** An app whose network can stall. */
export interface StallingApp {
  readonly app: App;
  readonly relay: StalledRelay;
}

/** Starts an app of `who` behind a relay that can stall. */
export async function startStallingApp(who: Person, start: AppStart = {}): Promise<StallingApp> {
  const relay = await stalledRelay(inject('stackUrl'));
  opened.push(() => relay.close());
  return { app: await startApp(who, { ...start, origin: relay.url }), relay };
}

let crashedAt = 0;

/** Cuts an app's connection without a close frame, as a crash does. */
export async function crash(app: App): Promise<void> {
  crashedAt = Date.now();
  app.raw.terminate();
  await app.closed;
}

/** Less than the vanish grace of the stage `test`. */
const SOON_MS = 1500;

/** Plays what must happen within the vanish grace after a crash; plays it again if the machine was too slow. */
export async function beforeGraceEnds<T>(play: () => Promise<T>, tries = 3): Promise<T> {
  try {
    return await play();
  } catch (error) {
    if (tries === 1 || Date.now() - crashedAt < SOON_MS) throw error;
    return await beforeGraceEnds(play, tries - 1);
  }
}

/** Two people. */
export const two = (first = 'alice', second = 'bob'): Promise<[Person, Person]> =>
  Promise.all([person(first), person(second)]);

/** Three people. */
export const three = (a = 'alice', b = 'bob', c = 'carol'): Promise<[Person, Person, Person]> =>
  Promise.all([person(a), person(b), person(c)]);

export const membersOf = (callees: Person | readonly Person[]) => [callees].flat().map(({ id }) => ({ user_id: id }));

/** A call by its id. */
export interface Dialled {
  readonly id: string;
  readonly cid: string;
  readonly answer: Frame;
}

/** Rings from an app. */
export async function dial(
  app: App,
  callees: Person | readonly Person[],
  { id = unique('call'), ...extra }: { readonly id?: string } & Readonly<Record<string, unknown>> = {},
): Promise<Dialled> {
  const answer = await app.ask({ type: 'call.ring', call_id: id, members: membersOf(callees), ...extra });
  return { id, cid: `default:${id}`, answer };
}

export const offer = (sdp = `v=0 ${unique('offer')}`) => ({ type: 'offer', sdp });
export const answerOf = (sdp = `v=0 ${unique('answer')}`) => ({ type: 'answer', sdp });

/** A candidate that no other test uses. */
export const candidate = (name: string) => ({
  candidate: `candidate:${unique(name)}`,
  sdpMid: '0',
  sdpMLineIndex: 0,
});

/** Sends a candidate, waits for the answer and returns the candidate's text. */
export async function trickle(app: App, cid: string, name: string, extra: object = {}): Promise<string> {
  const one = candidate(name);
  const answer = await app.ask({ type: 'ice.candidate', call_cid: cid, ...one, ...extra });
  if (answer.type !== 'response') throw new Error(`not taken: ${JSON.stringify(answer)}`);
  return one.candidate;
}

/** Waits for a candidate. */
export const arrives = (app: App, text: string): Promise<Frame> =>
  app.next('ice.candidate', (frame) => frame['candidate'] === text);

/** The candidates that came to an app. */
export const candidatesAt = (app: App): unknown[] => app.heard('ice.candidate').map((frame) => frame['candidate']);

/** Lets `his` answer the call and waits until both ends know. */
export async function answerCall(hers: App, his: App, cid: string): Promise<void> {
  await his.next('call.ring', (frame) => frame['call_cid'] === cid);
  const accepted = await his.ask({ type: 'call.accept', call_cid: cid });
  if (accepted.type !== 'response') throw new Error(`not answered: ${JSON.stringify(accepted)}`);
  await hers.next('call.accepted', (frame) => frame['call_cid'] === cid);
}

/** Alice and Bob on apps of their own, in a call that Bob has answered. */
export async function talking({ hers = {}, his = {} }: { hers?: AppStart; his?: AppStart } = {}) {
  const [alice, bob] = await two();
  const [a, b] = await Promise.all([startApp(alice, hers), startApp(bob, his)]);
  const { id, cid } = await dial(a, bob);
  await answerCall(a, b, cid);
  return { alice, bob, hers: a, his: b, id, cid };
}

/** The code of a refusal, or `ok`. */
export function codeOf(answer: Frame | Answer): string {
  const { type, error, status, body } = Object(answer);
  if (type !== undefined) return error?.code ?? 'ok';
  return body?.code ?? (status < 300 ? 'ok' : String(status));
}

/** A member of a call, as `who` sees it: by default `who` themselves. */
export async function memberIn(who: Person, id: string, userId = who.id) {
  const { body } = await who.get(callPath(id));
  return body.members.find((one: { user_id: string }) => one.user_id === userId);
}

/** The call as `who` sees it. */
export const callOf = async (who: Person, id: string) => (await who.get(callPath(id))).body.call;

/** Waits until `who` sees the call like this. */
export const callBecomes = (who: Person, id: string, status: string) =>
  eventually(
    async () => {
      const call = await callOf(who, id);
      return call?.status === status && call;
    },
    `${status} of ${id}`,
    PATIENCE_MS,
  );

/** A new APNs token: hexadecimal, as Apple's are. */
export const apnsToken = (): string => randomBytes(32).toString('hex');

/** Registers a device; its token comes back. */
export async function register(
  who: Person,
  device: { readonly id: string; readonly [field: string]: unknown },
): Promise<string> {
  const answer = await who.post('/api/v2/devices', device);
  if (answer.status >= 300) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
  return device.id;
}

/** Registers an iPhone's PushKit token. */
export const iphone = (who: Person, extra: object = {}): Promise<string> =>
  register(who, { id: apnsToken(), push_provider: 'apn', voip_token: true, ...extra });

/** Registers an Android phone. */
export const android = (who: Person, extra: object = {}): Promise<string> =>
  register(who, { id: unique('fcm-token'), push_provider: 'firebase', ...extra });

/** Registers an ordinary APNs token. */
export const ordinary = (who: Person, extra: object = {}): Promise<string> =>
  register(who, { id: apnsToken(), push_provider: 'apn', ...extra });

/** Waits for a push of a `type` to a token. */
export const pushed = (
  token: string,
  type: string,
  fits: (keys: Record<string, string>) => boolean = () => true,
): Promise<ReceivedPush> =>
  eventually(
    async () =>
      (await pushes(token)).find((push) => {
        const keys = keysOf(push);
        return keys['type'] === type && fits(keys);
      }),
    `${type} to ${token}`,
    PATIENCE_MS,
  );

/** The keys of a push of a `type` to a token. */
export const pushedKeys = async (...of: Parameters<typeof pushed>): Promise<Record<string, string>> =>
  keysOf(await pushed(...of));

/** The types of all pushes to a token so far, whatever their outcome. */
export const pushedTypes = async (token: string): Promise<(string | undefined)[]> =>
  (await pushes(token)).map((push) => keysOf(push)['type']);

/** The wake token of a phone that was rung. */
export const wakeTokenOf = async (token: string): Promise<string> =>
  (await pushedKeys(token, 'call.ring'))['wake_token'] ?? '';

/** Sends a request with any token. */
export const withToken =
  (token: string) =>
  (method: string, path: string, body?: object): Promise<Answer> =>
    rest().request(method, path, { token, ...(body && { body }) });

/** Sends a request as the app's backend. */
export const asServer = async (method: string, path: string, body?: object): Promise<Answer> =>
  withToken(await tokenWith({ role: 'server' }))(method, path, body);

/** How long to wait for a quiet moment: other tests may keep the stack busy. */
const QUIET_MS = 5000;

/**
 * Waits until the stack has nothing to do but timers: what has not been sent by then will not be. It gives up after a
 * while: a test that asserts that something is absent then proves less, and does not fail for it.
 */
export async function settled(): Promise<void> {
  const { promise: givenUp, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, QUIET_MS);
  await Promise.race([rest().request('GET', '/_local/quiet?delayed=1000000'), givenUp]);
  clearTimeout(timer);
}

/** Waits until the grace of everybody who has vanished so far is over: somebody else vanishes now, and is found gone. */
export async function graceIsOver(): Promise<void> {
  const { hers, his } = await talking();
  await crash(his);
  await hers.next('call.member_left');
  await crash(hers);
  await settled();
}
