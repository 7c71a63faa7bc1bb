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

/** Who plays on a stack. */
export interface Cast {
  readonly scenery: Scenery;
  readonly caller: TimedSocket;
  close(): void;
}

/** Opens the socket of whoever rings on the stack at `url`. */
export async function castAt(url: string): Promise<Cast> {
  const scenery = sceneryAt(url);
  const caller = await scenery.open((await scenery.user('alice')).token);
  await caller.next('user.connected');
  return { scenery, caller, close: () => void caller.close() };
}

/** With two who ring each other over Socket.IO, and a room. */
export interface RingCast extends Cast {
  readonly pair: SocketIoPair;
  readonly room: BenchRoom;
}

/** Opens all sockets on the stack at `url`. */
export async function ringCastAt(url: string): Promise<RingCast> {
  const cast = await castAt(url);
  const pair = await openPairOf(cast.scenery, url);
  const close = (): void => {
    cast.close();
    pair.close();
  };
  return { ...cast, pair, room: await openRoom(cast.scenery, url), close };
}

/**
 * Rings a phone that is asleep, wakes it, has it answer and sends a signal; then a server rings over REST, two call each
 * other over Socket.IO, and an offer passes through a room. `isCold`: each of these finds no process of any function.
 */
export async function playSteps({ scenery, caller, pair, room }: RingCast, isCold: boolean): Promise<Taken> {
  const callee = await scenery.user('bob');
  const { android, iphone } = await scenery.phonesOf(callee);
  const call_id = fresh('call');
  const call_cid = `default:${call_id}`;
  const step = stepsOn(scenery, isCold);
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

/** The shortest ring that there is; so many of them run out in the time of one. */
const RING_MS = 5000;
const RUN_OUT = 5;

/**
 * Tells the backend of a call, on a stack that has a webhook, and lets rings run out. `isCold`: each of these finds no process
 * of any function, and one ring runs out.
 */
export async function playLateSteps({ scenery, caller }: Cast, isCold: boolean): Promise<readonly Invocation[]> {
  const step = stepsOn(scenery, isCold);
  const ring = async (): Promise<string> => {
    const call_id = fresh('call');
    const callee = await scenery.user('bob');
    const settings_override = { ring: { auto_cancel_timeout_ms: RING_MS } };
    caller.send({ type: 'call.ring', id: call_id, call_id, members: [{ user_id: callee.id }], settings_override });
    await caller.next('response');
    return `default:${call_id}`;
  };
  const [call_cid, told] = await step(['events', 'webhook'], ring);
  caller.send({ type: 'call.cancel', id: 'cancel', call_cid });
  await caller.next('response');
  caller.forget();
  const [, ranOut] = await step(['deadline'], async () => {
    const rings = isCold ? 1 : RUN_OUT;
    for (let nth = 0; nth < rings; nth += 1) await ring();
    for (let nth = 0; nth < rings; nth += 1) await caller.next('call.ended');
  });
  caller.forget();
  return [...told, ...ranOut];
}

/** Plays steps on a stack, each with what the functions were billed for it of which it `counted` the names. */
const stepsOn =
  ({ quiet, rest }: Scenery, isCold: boolean) =>
  async <T>(counted: readonly string[], act: () => Promise<T>): Promise<[T, readonly Invocation[]]> => {
    await quiet();
    if (isCold) await succeeded(rest.request('POST', '/_local/functions/restart'));
    await succeeded(rest.request('DELETE', '/_local/usage'));
    const result = await act();
    await quiet();
    return [result, invocationsIn(await succeeded(rest.request('GET', '/_local/usage')), counted)];
  };

const invocationsIn = ({ lambda }: UsageReport, counted: readonly string[]): Invocation[] =>
  counted.flatMap((name) => {
    const of = lambda[name];
    if (!of || of.invocations === 0) return [];
    const ms = (of.billed_ms - of.init_ms) / of.invocations;
    return [{ name, memoryMb: of.memory_mb, ms, initMs: of.init_ms }];
  });
