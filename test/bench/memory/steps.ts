import type { UsageReport } from '#local/lab/metering/usage.ts';
import { type BenchRoom, openRoom } from '../dialects/room.ts';
import { openPairOf, type SocketIoPair } from '../dialects/socket-io-pair.ts';
import { fresh, type Scenery, sceneryAt, succeeded } from '../latency/scenery.ts';
import { SDP, SIGNALS } from '../latency/signals.ts';
import type { TimedSocket } from '../latency/timed-socket.ts';

/** What a function was billed for one invocation of a step, or on average if the step has several. */
export interface Invocation {
  readonly name: string;
  readonly memoryMb: number;
  readonly ms: number;
  /** 0 if the process had initialised before. */
  readonly initMs: number;
}

/** The times of one ring, its answer and a signal. */
export interface Taken {
  /** From the frame until both pushes have come. */
  readonly ringMs: number;
  readonly invocations: readonly Invocation[];
}

/** Who plays the steps on a stack. */
export interface Cast {
  readonly scenery: Scenery;
  readonly caller: TimedSocket;
  /** Two who ring each other over Socket.IO. */
  readonly pair: SocketIoPair;
  readonly room: BenchRoom;
}

/** Opens the sockets of the cast on the stack at `url`. */
export async function castAt(url: string): Promise<Cast> {
  const scenery = sceneryAt(url);
  const caller = await scenery.open((await scenery.user('alice')).token);
  await caller.next('user.connected');
  return { scenery, caller, pair: await openPairOf(scenery, url), room: await openRoom(scenery, url) };
}

/**
 * Rings a phone that is asleep, wakes it, has it answer and sends a signal; then a server rings over REST, two call each
 * other over Socket.IO, and an offer passes through a room. `isCold`: each of these finds no process of any function.
 */
export async function playSteps({ scenery, caller, pair, room }: Cast, isCold: boolean): Promise<Taken> {
  const callee = await scenery.user('bob');
  const { android, iphone } = await scenery.phonesOf(callee);
  const call_id = fresh('call');
  const call_cid = `default:${call_id}`;
  const step = async <T>(counted: readonly string[], act: () => Promise<T>): Promise<[T, readonly Invocation[]]> => {
    await scenery.quiet();
    if (isCold) await succeeded(scenery.rest.request('POST', '/_local/functions/restart'));
    await succeeded(scenery.rest.request('DELETE', '/_local/usage'));
    const result = await act();
    await scenery.quiet();
    return [result, invocationsIn(await succeeded(scenery.rest.request('GET', '/_local/usage')), counted)];
  };
  const [{ ringMs, wakeToken }, rung] = await step(['command', 'ring'], async () => {
    const ring = { type: 'call.ring', id: 'ring', call_id, members: [{ user_id: callee.id }] };
    const sentAt = caller.send({ ...ring, offer: { type: 'offer', sdp: SDP } });
    const pushes = await Promise.all([scenery.push(android, 1), scenery.push(iphone, 1)]);
    await caller.next('response');
    const at = Math.max(...pushes.map(({ monotonic_ms }) => monotonic_ms));
    return { ringMs: at - sentAt, wakeToken: String(pushes[1]?.body.wake_token) };
  });
  const [socket, woken] = await step(['connection'], async () => {
    const opened = await scenery.open(wakeToken);
    await Promise.all([opened.next('call.ring'), opened.next('sdp.offer')]);
    return opened;
  });
  socket.send({ type: 'call.accept', id: 'accept', call_cid });
  await socket.next('response');
  const [, relayed] = await step(['signal'], async () => {
    const [signal] = SIGNALS;
    socket.send({ ...signal, id: 'signal', call_cid });
    await Promise.all([caller.next('sdp.answer'), socket.next('response')]);
  });
  caller.send({ type: 'call.end', id: 'end', call_cid });
  await Promise.all([caller.next('response'), socket.next('call.ended')]);
  await socket.close();
  caller.forget();
  const path = `/api/v2/video/call/default/${fresh('call')}`;
  const { id, token } = await scenery.user('carol');
  const rest = async (last: string, body: object) =>
    succeeded(scenery.rest.request('POST', `${path}${last}`, { token, body }));
  const [, rungOverRest] = await step(['http'], () =>
    rest('', { members: [{ user_id: callee.id }, { user_id: id }], ring: true }),
  );
  await rest('/mark_ended', {});
  const [, overSocketIo] = await step(['socketio'], () => pair.call());
  const [, inRoom] = await step(['room'], () => room.offer());
  return { ringMs, invocations: [...rung, ...woken, ...relayed, ...rungOverRest, ...overSocketIo, ...inRoom] };
}

const invocationsIn = ({ lambda }: UsageReport, counted: readonly string[]): Invocation[] =>
  counted.flatMap((name) => {
    const of = lambda[name];
    if (!of || of.invocations === 0) return [];
    const ms = (of.billed_ms - of.init_ms) / of.invocations;
    return [{ name, memoryMb: of.memory_mb, ms, initMs: of.init_ms }];
  });
