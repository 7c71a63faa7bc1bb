import type { UsageReport } from '#local/lab/metering/usage.ts';
import { type Api, api, openSocket, type Socket } from '../../support/raw-client.ts';
import { startLocalStack } from '../local-stack.ts';

/** A stack that counts what it would be billed, and its clients. */
export interface MeteredStack {
  readonly url: string;
  readonly rest: Api;
  /** Opens `/ws` and waits for the hello. */
  connect(token: string, hardwareId?: string): Promise<Socket>;
  /** Opens the WebSocket of a room and waits until it knows who is there. */
  enter(token: string, room: string): Promise<Socket>;
  /** A login token. */
  login(userId: string): Promise<string>;
  /** The keys of the only push of a type to a push token. */
  pushed(token: string, type: string): Promise<Readonly<Record<string, string>>>;
  /** When it came, in milliseconds by the monotonic clock. */
  pushedAtMs(token: string, type: string): Promise<number>;
  /** Resolves once everything that these sockets have sent is processed. Timers may be left. */
  settled(...sockets: readonly Socket[]): Promise<void>;
  /** Resolves once every socket is closed and nothing is left to do but so many timers. @default any number */
  closed(timers?: number): Promise<void>;
  /** Resolves once every socket is closed and no timer is left. */
  over(): Promise<void>;
  resetUsage(): Promise<void>;
  usage(): Promise<UsageReport>;
  stop(): Promise<void>;
}

/** Starts a stack with the short graces of the stage `test`. The number of timers does not depend on them. */
export async function startMeteredStack(): Promise<MeteredStack> {
  const { url, stop } = await startLocalStack({
    CARILLON_METER: '1',
    CARILLON_STAGE: 'test',
    // As in AWS, where every ring is counted, and the app's backend is told of nothing by default.
    CARILLON_SETTINGS: JSON.stringify({ ring_rate: { minute: 1000, hour: 10_000, pair: 1000 }, events: false }),
  });
  const rest = api(url);
  const control = async (method: string, path: string, body?: object) => {
    const answer = await rest.request(method, `/_local/${path}`, { body });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const pushOf = async (token: string, type: string): Promise<ReceivedPush> => {
    const { pushes }: { pushes: ReceivedPush[] } = await control('GET', `pushes?token=${token}`);
    const found = pushes.filter((push) => keysOf(push)['type'] === type);
    const [only] = found;
    if (!only || found.length > 1)
      throw new Error(`${found.length} pushes ${type} to ${token}: ${JSON.stringify(pushes.map(keysOf))}`);
    return only;
  };
  return {
    url,
    rest,
    stop,
    pushed: async (token, type) => keysOf(await pushOf(token, type)),
    pushedAtMs: async (token, type) => (await pushOf(token, type)).monotonic_ms,
    async connect(token, hardwareId) {
      const query = hardwareId === undefined ? '' : `&hardware_id=${hardwareId}`;
      const socket = await openSocket(`${url}/ws?token=${encodeURIComponent(token)}${query}`);
      await socket.next('user.connected');
      return socket;
    },
    async enter(token, room) {
      const socket = await openSocket(`${url}/webrtc/ws/${room}?token=${encodeURIComponent(token)}`);
      await socket.next('room_state');
      return socket;
    },
    login: async (user_id) => (await control('POST', 'tokens', { claims: { user_id, name: user_id } })).token,
    async settled(...sockets) {
      await Promise.all(sockets.map(arrived));
      await control('GET', `quiet?delayed=${Number.MAX_SAFE_INTEGER}`);
    },
    closed: (timers = Number.MAX_SAFE_INTEGER) => control('GET', `quiet?connections=0&delayed=${timers}`),
    over: () => control('GET', 'quiet?connections=0'),
    resetUsage: () => control('DELETE', 'usage'),
    usage: () => control('GET', 'usage'),
  };
}

interface ReceivedPush {
  readonly monotonic_ms: number;
  readonly body:
    | Readonly<Record<string, string>>
    | { readonly message: { readonly data: Readonly<Record<string, string>> } };
}

/** The keys that the app gets, of a push by FCM or by APNs. */
const keysOf = ({ body }: ReceivedPush): Readonly<Record<string, string>> =>
  typeof body.message === 'object' ? body.message.data : (body as Readonly<Record<string, string>>);

/** Resolves once the gateway has read everything that a socket has sent: it answers a ping of the protocol, which is not billed. */
const arrived = ({ raw }: Socket): Promise<void> =>
  new Promise((resolve) => {
    raw.once('pong', () => resolve());
    raw.ping();
  });
