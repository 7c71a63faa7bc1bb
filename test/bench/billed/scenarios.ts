import type { UsageReport } from '#local/lab/metering/usage.ts';
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
  /** How many plays before it did not count, since the machine was too slow for them. */
  readonly disturbed: number;
}

const MOST_TRIES = 10;

/** Answers of FCM and APNs that are further apart may be recorded one by one. */
const APART_MS = 150;

/** Plays a scenario and tells what it cost, once all is quiet. What is the machine's doing does not count, and is played again. */
export async function countScenario(stack: MeteredStack, name: ScenarioName): Promise<Counted> {
  const { play, talkMs } = SCENARIOS[name];
  for (let disturbed = 0; disturbed < MOST_TRIES; disturbed += 1) {
    const party = await aParty(stack);
    await stack.over();
    await stack.resetUsage();
    await play(stack, party);
    const usage = await stack.usage();
    const [android, voip] = await Promise.all(
      [party.android, party.voip].map((token) => stack.pushedAtMs(token, 'call.ring')),
    );
    const isApart = Math.abs((android ?? 0) - (voip ?? 0)) > APART_MS;
    if (!hasEarlyHello(usage) && !isApart) return { usage: withTalk(usage, talkMs), disturbed };
  }
  throw new Error(`the machine was too slow for ${MOST_TRIES} plays in a row`);
}

/** A hello that runs before the gateway has opened its socket looks again a moment later. What waits for a user is read once when a socket of theirs is greeted and once when it closes, and again after each hello that was early. */
const hasEarlyHello = ({ dynamodb, websocket }: UsageReport): boolean =>
  (dynamodb?.['pending']?.reads ?? 0) > 2 * websocket.connections;

/** Both sockets of a call stay open while its two talk. */
const withTalk = (usage: UsageReport, talkMs: number): UsageReport => {
  const { connections, connection_ms } = usage.websocket;
  return { ...usage, websocket: { ...usage.websocket, connection_ms: connection_ms + connections * talkMs } };
};
