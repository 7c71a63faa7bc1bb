import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countsOf } from '../bench/billed/counts.ts';
import { countMeeting } from '../bench/billed/meeting.ts';
import { type MeteredStack, startMeteredStack } from '../bench/billed/metered-stack.ts';
import { countScenario, type ScenarioName } from '../bench/billed/scenarios.ts';
import { countCallsCall } from './calls-call.ts';
import { breaches } from './compare.ts';

// What a call may cost. A change that makes it cost more or less must change the budget, too.

const FILE = 'test/budget/budget.json';

let stack: MeteredStack;
beforeAll(async () => {
  stack = await startMeteredStack();
  // After one call, every process and connection that a call needs is up.
  await countScenario(stack, 'standard_call');
});
afterAll(() => stack.stop());

it.each<ScenarioName>(['standard_call', 'unanswered_ring', 'standard_call_batched'])(
  '%s costs what its budget says',
  async (name) => {
    const { usage } = await countScenario(stack, name);
    expect(breaches(FILE, readFileSync(FILE, 'utf8'), name, countsOf(usage))).toEqual([]);
  },
);

it('a meeting of two in a room costs what its budget says', async () => {
  expect(breaches(FILE, readFileSync(FILE, 'utf8'), 'meeting', countsOf(await countMeeting(stack)))).toEqual([]);
});

it('protection costs a call one write unit and one read unit at the most', () => {
  const budget = JSON.parse(readFileSync(FILE, 'utf8')).standard_call;
  const units = (kind: string): number =>
    ['guard', 'rings', 'sign_out'].reduce((sum, row) => sum + (budget[`dynamodb.${row}.${kind}_units`] ?? 0), 0);
  expect(units('write')).toBeLessThanOrEqual(1);
  expect(units('read')).toBeLessThanOrEqual(1);
});

// The last one: its timers are left.
it('a call over Socket.IO costs what its budget says', async () => {
  const found = breaches(FILE, readFileSync(FILE, 'utf8'), 'calls_call', countsOf(await countCallsCall(stack)));
  // Which of its candidates are told together is a matter of moments, so it may cost a write less.
  expect(found.filter((breach) => !breach.includes('under budget'))).toEqual([]);
});
