import type { UsageReport } from '#local/metering/usage.ts';
import { BATCHED, ONE_A_FRAME } from './candidate-frames.ts';
import type { MeteredStack } from './metered-stack.ts';
import { aParty, playStandardCall, playUnansweredRing, TALK_MS } from './standard-call.ts';

/** What is counted. */
export const SCENARIOS = {
  standard_call: { play: playStandardCall(ONE_A_FRAME), talkMs: TALK_MS },
  unanswered_ring: { play: playUnansweredRing, talkMs: 0 },
  standard_call_batched: { play: playStandardCall(BATCHED), talkMs: TALK_MS },
} as const;

/** The name of a scenario in the results and in the budget. */
export type ScenarioName = keyof typeof SCENARIOS;

/** One play that counts. */
export interface Counted {
  readonly usage: UsageReport;
  /** How many plays before it did not count, since a greeting came too early in them. */
  readonly earlyGreetings: number;
}

const MOST_TRIES = 10;

/**
 * Plays a scenario and tells what it cost, once all is quiet. A greeting that runs before the gateway has opened its
 * socket looks again a moment later: how often that happens is the machine's doing, so such a play is played again.
 */
export async function countScenario(stack: MeteredStack, name: ScenarioName): Promise<Counted> {
  const { play, talkMs } = SCENARIOS[name];
  for (let earlyGreetings = 0; earlyGreetings < MOST_TRIES; earlyGreetings += 1) {
    const party = await aParty(stack);
    await stack.over();
    await stack.resetUsage();
    await play(stack, party);
    const usage = await stack.usage();
    if (!hasEarlyGreeting(usage)) return { usage: withTalk(usage, talkMs), earlyGreetings };
  }
  throw new Error(`a greeting came too early in ${MOST_TRIES} plays out of as many`);
}

/** What waits for a user is read once when a socket of theirs is greeted and once when it closes, and again after each greeting that was early. */
const hasEarlyGreeting = ({ dynamodb, websocket }: UsageReport): boolean =>
  (dynamodb?.['pending']?.reads ?? 0) > 2 * websocket.connections;

/** Both sockets of a call stay open while its two talk. */
const withTalk = (usage: UsageReport, talkMs: number): UsageReport => {
  const { connections, connection_ms } = usage.websocket;
  return { ...usage, websocket: { ...usage.websocket, connection_ms: connection_ms + connections * talkMs } };
};
