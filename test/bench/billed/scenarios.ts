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

/** A play that counts. */
export interface Counted {
  readonly usage: UsageReport;
  /** How many plays before it did not count because the machine was too slow. */
  readonly disturbed: number;
}

const MOST_TRIES = 10;

/** If the answers of FCM and APNs are further apart, they may be recorded separately. */
const APART_MS = 150;

/** Plays a scenario, and returns its cost once the stack is quiet. A play that a slow machine has changed is repeated. */
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

/** Whether a hello ran before the gateway had opened its socket, and was repeated. What waits for a user is read once by the hello, once when the socket closes, and again after each early hello. */
const hasEarlyHello = ({ dynamodb, websocket }: UsageReport): boolean =>
  (dynamodb?.['pending']?.reads ?? 0) > 2 * websocket.connections;

/** Adds the talk, during which both sockets of a call stay open. */
const withTalk = (usage: UsageReport, talkMs: number): UsageReport => {
  const { connections, connection_ms } = usage.websocket;
  return { ...usage, websocket: { ...usage.websocket, connection_ms: connection_ms + connections * talkMs } };
};
