import { expect, it } from 'vitest';
import { begunAndShown, claim, nothingShown, type Shown, settle, type Told } from '#domain/shown.ts';
import { epochMs } from '#domain/time.ts';

const on = { id: 'connection', userId: 'alice', hardwareId: 'phone', connectedAt: epochMs(0) };

it('a phone that has heard the end of the call that it began does not show it, whatever it is told or not told since', () => {
  let now = 10;
  const told = (shown: Shown, cid: string, what: Told, isSent = true): Shown => {
    now += 1;
    const claimed = claim(shown, cid, what, on, epochMs(now));
    return settle(claimed, claimed, what, on, isSent);
  };
  const calling: Shown = { ...nothingShown(on), began: { cid: 'a', at: epochMs(5) } };
  expect(begunAndShown(calling)?.cid).toBe('a');
  const rungAgain = told(told(told(calling, 'a', 'over'), 'b', 'ring'), 'b', 'over');
  expect(begunAndShown(rungAgain)).toBeUndefined();
  expect(begunAndShown(told(rungAgain, 'c', 'ring', false))).toBeUndefined();
});
