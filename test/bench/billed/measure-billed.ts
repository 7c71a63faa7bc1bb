import type { UsageReport } from '#local/lab/metering/usage.ts';
import { type UsdPerMillion, usdPerMillion } from './cost.ts';
import { countsOf, differing } from './counts.ts';
import { type MeteredStack, startMeteredStack } from './metered-stack.ts';
import { countScenario, type ScenarioName } from './scenarios.ts';

/** What one scenario uses. */
export interface BilledScenario extends UsageReport {
  /** The counts that were not the same in all repetitions: none, unless something races. */
  readonly varied: readonly string[];
}

/** What each scenario uses, and the cost of a million. */
export interface BilledResult {
  readonly billed: Readonly<Record<ScenarioName, BilledScenario>> & {
    readonly repetitions: number;
    /** How many plays did not count because the machine was too slow. */
    readonly disturbed_plays: number;
  };
  readonly usd_per_million: Readonly<Record<ScenarioName, UsdPerMillion>>;
}

const REPETITIONS = 5;

/** Plays each scenario several times on warm functions. The repetition with the median cost is the result. */
export async function measureBilled(): Promise<BilledResult> {
  const stack = await startMeteredStack();
  try {
    // This starts as many processes as the burst of candidates needs.
    await countScenario(stack, 'standard_call');
    const call = await repeated(stack, 'standard_call');
    const ring = await repeated(stack, 'unanswered_ring');
    const batched = await repeated(stack, 'standard_call_batched');
    return {
      billed: {
        repetitions: REPETITIONS,
        disturbed_plays: call.disturbed + ring.disturbed + batched.disturbed,
        standard_call: call.scenario,
        unanswered_ring: ring.scenario,
        standard_call_batched: batched.scenario,
      },
      usd_per_million: {
        standard_call: usdPerMillion(call.scenario),
        unanswered_ring: usdPerMillion(ring.scenario),
        standard_call_batched: usdPerMillion(batched.scenario),
      },
    };
  } finally {
    await stack.stop();
  }
}

async function repeated(
  stack: MeteredStack,
  name: ScenarioName,
): Promise<{ readonly scenario: BilledScenario; readonly disturbed: number }> {
  const usages: UsageReport[] = [];
  let disturbed = 0;
  while (usages.length < REPETITIONS) {
    const counted = await countScenario(stack, name);
    usages.push(counted.usage);
    disturbed += counted.disturbed;
  }
  const byCost = usages.toSorted((a, b) => usdPerMillion(a).total - usdPerMillion(b).total);
  const median = byCost[Math.floor(REPETITIONS / 2)];
  if (!median) throw new Error('nothing was repeated');
  return { scenario: { ...median, varied: differing(usages.map(countsOf)) }, disturbed };
}
