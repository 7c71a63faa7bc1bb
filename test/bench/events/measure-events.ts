import { playInTurn } from '../latency/samples.ts';
import { fresh, type Scenery, sceneryAt } from '../latency/scenery.ts';
import { SDP } from '../latency/signals.ts';
import type { TimedSocket } from '../latency/timed-socket.ts';
import { wokenCall } from '../latency/woken-call.ts';
import { type LocalStack, startLocalStack } from '../local-stack.ts';
import { rounded, type Spread, spreadOf } from '../quantile.ts';
import { startWebhooks } from './bench-webhooks.ts';

/** A figure of a stack that has no events, and of one that has. */
export interface WithEvents {
  readonly figure: string;
  readonly off: Spread;
  readonly on: Spread;
  /** The ratio of the two medians. */
  readonly ratio: number;
  readonly calls: number;
}

/** Rings on one stack while several callers ring as fast as they can. */
export interface EventsLoad extends Spread {
  readonly what: string;
  readonly rings: number;
}

/** What events cost a ring. */
export interface EventsResult {
  readonly latency: readonly WithEvents[];
  readonly load: readonly EventsLoad[];
  /** How many requests the dead webhooks got meanwhile. */
  readonly dead_requests: number;
}

export const DEAD = 5;
const FIGURES = ['ring_to_push', 'accept_to_silence', 'signal_relay'];
/** How many callers ring at once, and how often each of them in a round. */
export const CALLERS = 4;
const RINGS = 4;
const ROUNDS = 8;
const ON = { CARILLON_SETTINGS: JSON.stringify({ events: true }) };
const [WITHOUT, WITH, WITH_DEAD] = ['no events', 'events, no webhook', `events, ${DEAD} dead webhooks`] as const;

/** Starts three stacks, of which each has its turn again and again: what disturbs the machine hits all of them. */
export async function measureEvents(calls: number): Promise<EventsResult> {
  const webhooks = await startWebhooks(DEAD, true);
  const stacks: LocalStack[] = [];
  const start = async (env: Readonly<Record<string, string>>): Promise<string> => {
    const stack = await startLocalStack(env, `.cache/bench-events-${stacks.length}.log`);
    stacks.push(stack);
    return stack.url;
  };
  try {
    const off = await start({ CARILLON_SETTINGS: JSON.stringify({ events: false }) });
    const on = await start(ON);
    const dead = await start({ ...ON, ...webhooks.env });
    const latency = await inTurn(off, on, calls);
    const load = await underLoad(
      new Map([
        [WITHOUT, off],
        [WITH, on],
        [WITH_DEAD, dead],
      ]),
    );
    return { latency, load, dead_requests: webhooks.requests() };
  } finally {
    await Promise.all(stacks.map((stack) => stack.stop()));
    webhooks.stop();
  }
}

async function inTurn(off: string, on: string, calls: number): Promise<WithEvents[]> {
  const contestants = await Promise.all(
    [off, on].map(async (url) => {
      const scenery = sceneryAt(url);
      const caller = await scenery.open((await scenery.user('alice')).token);
      await caller.next('user.connected');
      return { name: url, play: wokenCall(scenery, caller) };
    }),
  );
  const warmUp = Math.ceil(calls / 2);
  const taken = await playInTurn(contestants, { calls, warmUp }, (done) => {
    if (done % 10 === 0) process.stderr.write(`events: ${done} of ${warmUp + calls} calls\n`);
  });
  return FIGURES.map((figure) => {
    const [without = [], withEvents = []] = [off, on].map((url) => taken.get(url)?.get(figure));
    const [offSpread, onSpread] = [spreadOf(without), spreadOf(withEvents)];
    const ratio = rounded(onSpread.p50_ms / offSpread.p50_ms, 2);
    return { figure, off: offSpread, on: onSpread, ratio, calls: without.length };
  });
}

/** Rounds of rings on each stack in turn; the first one of each warms it up. */
async function underLoad(urls: ReadonlyMap<string, string>): Promise<EventsLoad[]> {
  const crowds = new Map<
    string,
    { readonly scenery: Scenery; readonly callers: TimedSocket[]; readonly times: number[] }
  >();
  for (const [what, url] of urls) {
    const scenery = sceneryAt(url);
    const callers = await Promise.all(
      Array.from({ length: CALLERS }, async () => scenery.open((await scenery.user('alice')).token)),
    );
    await Promise.all(callers.map((caller) => caller.next('user.connected')));
    crowds.set(what, { scenery, callers, times: [] });
  }
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { scenery, callers, times } of crowds.values()) {
      const taken = await Promise.all(callers.map((caller) => ringAgainAndAgain(scenery, caller)));
      if (round > 0) times.push(...taken.flat());
    }
    process.stderr.write(`events: round ${round} of ${ROUNDS}\n`);
  }
  return [...crowds].map(([what, { times }]) => ({ what, rings: times.length, ...spreadOf(times) }));
}

/** Rings somebody new on two phones, hangs up once both are pushed to, and so on. */
async function ringAgainAndAgain(scenery: Scenery, caller: TimedSocket): Promise<number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < RINGS; nth += 1) {
    const callee = await scenery.user('bob');
    const { android, iphone } = await scenery.phonesOf(callee);
    const call_id = fresh('call');
    const members = [{ user_id: callee.id }];
    const sentAt = caller.send({ type: 'call.ring', id: 'ring', call_id, members, offer: { type: 'offer', sdp: SDP } });
    const pushes = await Promise.all([android, iphone].map((token) => scenery.push(token, 1)));
    times.push(Math.max(...pushes.map(({ monotonic_ms }) => monotonic_ms)) - sentAt);
    await caller.next('response');
    caller.send({ type: 'call.cancel', id: 'cancel', call_cid: `default:${call_id}` });
    await caller.next('response');
    caller.forget();
  }
  return times;
}
