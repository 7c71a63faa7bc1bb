import { afterAll, beforeAll, expect, it } from 'vitest';
import { quantile } from '../../bench/quantile.ts';
import { type OwnStack, startOwnStack } from '../../support/own-stack.ts';
import { LONG_RING, unique } from '../../support/people.ts';

// A stack of its own: beside other tests it would hardly ever be quiet between two rings.
let stack: OwnStack;
beforeAll(async () => {
  stack = await startOwnStack({});
});
afterAll(() => stack.stop());

/** A user with an Android phone. */
async function aCallee(name: string): Promise<string> {
  const id = unique(name);
  const device = { id: unique('fcm').padEnd(64, 'x'), push_provider: 'firebase' };
  expect((await stack.request('POST', '/api/v2/devices', { user_id: id }, device)).status).toBe(201);
  return id;
}

it('a ring takes as long to be answered whether the callee hears it or not, in 200 rings', async () => {
  const [alice, blocking, hearing] = [unique('alice'), await aCallee('bob'), await aCallee('carol')];
  const blocked = await stack.request('PUT', `/api/v2/blocks/${alice}`, { user_id: blocking });
  expect(blocked.status).toBe(204);
  const hers = await stack.connect({ user_id: alice });
  const times: Record<string, number[]> = { [blocking]: [], [hearing]: [] };
  const timed = async (callee: string): Promise<void> => {
    const call_id = unique('call');
    const at = performance.now();
    const { type } = await hers.ask({ type: 'call.ring', call_id, members: [{ user_id: callee }], ...LONG_RING });
    times[callee]?.push(performance.now() - at);
    expect(type).toBe('response');
    await hers.ask({ type: 'call.cancel', call_cid: `default:${call_id}` });
    await stack.request('GET', '/_local/quiet?delayed=1000000', { user_id: alice });
  };
  // In turns, and each first as often: so that what the machine does besides strikes both.
  for (let i = 0; i < 50; i += 1) {
    await timed(blocking);
    await timed(hearing);
    await timed(hearing);
    await timed(blocking);
  }
  const [unheard = [], heard = []] = [times[blocking], times[hearing]].map((all) => all?.toSorted((a, b) => a - b));
  // The hundred of each lie within each other: nobody tells by the clock which is which.
  expect(auc(unheard, heard)).toBeGreaterThan(0.3);
  expect(auc(unheard, heard)).toBeLessThan(0.7);
  expect(quantile(unheard, 0.5)).toBeLessThan(quantile(heard, 0.9));
  expect(quantile(heard, 0.5)).toBeLessThan(quantile(unheard, 0.9));
}, 900_000);

/** How often one of `a` is below one of `b`: a half if they cannot be told apart, 0 or 1 if they always can. */
const auc = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, one) => sum + b.filter((other) => one < other).length, 0) / (a.length * b.length);
