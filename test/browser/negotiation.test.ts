import { expect, it } from 'vitest';
import { newPage, serve } from './pages.ts';

/** More of them, or others: `NEGOTIATIONS=800 NEGOTIATION_SEED=1000`. */
const ROUNDS = Number(process.env['NEGOTIATIONS'] ?? 8);
const SEED = Number(process.env['NEGOTIATION_SEED'] ?? 1);
const AT_ONCE = 8;

it('both ends see each other whenever and however both negotiate', { timeout: 60_000 + ROUNDS * 5_000 }, async () => {
  const page = await newPage(await serve('test/browser/negotiation-page.ts'));
  for (let seed = SEED; seed < SEED + ROUNDS; seed += AT_ONCE) {
    const seeds = Array.from({ length: AT_ONCE }, (_, i) => seed + i);
    expect(await page.evaluate(`play(${JSON.stringify(seeds)})`), 'what went wrong').toEqual([]);
  }
});
