import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { afterAll, inject } from 'vitest';
import { PATIENCE_MS } from './patience.ts';
import { type Person, SESSIONS } from './people.ts';

/** What came over the wire. */
type Sent = ReturnType<typeof JSON.parse>;

/** An event that a client of Socket.IO got, or something that happened to it. */
export interface Heard {
  readonly name: string;
  readonly args: readonly Sent[];
}

/** An unmodified client of Socket.IO, and what it heard. */
export interface Client {
  readonly socket: Socket;
  readonly heard: readonly Heard[];
  /** The first event of a name that nobody has waited for yet, or the next one to come. */
  next(name: string): Promise<readonly Sent[]>;
  /** Sends an event and waits for its acknowledgement. */
  ask(name: string, ...args: unknown[]): Promise<Sent>;
  /** The events of a name so far. */
  of(name: string): readonly Heard[];
}

const opened: Socket[] = [];
afterAll(() => {
  for (const socket of opened.splice(0)) socket.close();
});

/** Watches what a client hears, from its first event on. */
export function watched(socket: Socket): Client {
  opened.push(socket);
  const heard: Heard[] = [];
  const taken = new Set<Heard>();
  const waiting = new Set<() => void>();
  const note = (name: string, ...args: Sent[]): void => {
    heard.push({ name, args });
    for (const look of [...waiting]) look();
  };
  socket.onAny(note);
  for (const name of ['connect', 'disconnect', 'connect_error'] as const) {
    socket.on(name, (...args: Sent[]) => note(name, ...args));
  }
  const next = (name: string): Promise<readonly Sent[]> =>
    new Promise((resolve, reject) => {
      const done = (): void => {
        waiting.delete(look);
        clearTimeout(timer);
      };
      const look = (): void => {
        const found = heard.find((one) => one.name === name && !taken.has(one));
        if (!found) return;
        taken.add(found);
        done();
        resolve(found.args);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`no ${name}; heard ${JSON.stringify(heard.map((one) => one.name))}`));
      }, PATIENCE_MS);
      waiting.add(look);
      look();
    });
  return {
    socket,
    heard,
    next,
    ask: (name, ...args) => socket.timeout(PATIENCE_MS).emitWithAck(name, ...args),
    of: (name) => heard.filter((one) => one.name === name),
  };
}

type Options = Partial<ManagerOptions & SocketOptions>;

/** Opens a client as apps do, with the options that differ. */
export const dial = (options: Options, namespace = ''): Client =>
  watched(io(`${inject('stackUrl')}${namespace}`, { forceNew: true, ...options }));

/** The client of a person in the dialect `calls`, once it is connected. */
export async function callsClient(who: Person, options: Options = {}): Promise<Client> {
  const client = dial({ transports: ['websocket'], auth: { token: who.token }, ...options });
  await client.next('connect');
  return client;
}

/** The client of a person in the dialect `video`, once it has joined. */
export async function videoClient(who: Person, options: Options = {}): Promise<Client> {
  const client = dial({ path: '/video-socket', transports: ['websocket'], auth: { token: who.token }, ...options });
  await client.next('connect');
  client.socket.emit('join', who.id);
  await client.next('ice_config');
  return client;
}

/** The client of a person in the namespace of the dialect `sessions`. */
export async function sessionsClient(who: Person, options: Options = {}): Promise<Client> {
  const client = dial({ transports: ['websocket'], auth: { token: who.token }, ...options }, '/ws/calls');
  await client.next('connect');
  return client;
}

/** Starts a video session with somebody, as whoever uses the dialect `sessions` does. */
export const startSession = async (who: Person, recipient: Person) =>
  (await who.post(SESSIONS, { recipientId: recipient.id, callType: 'VIDEO' })).body.session;

/** The options of a client on a phone of one's own. */
export const onPhone = (hardwareId: string) => ({ query: { hardware_id: hardwareId } });
