import { expect, it } from 'vitest';
import { begunAndShown, claim, nothingShown, type Shown, settle, type Told, tellingOf } from '#domain/shown.ts';
import { epochMs } from '#domain/time.ts';

const on = { id: 'connection', userId: 'alice', hardwareId: 'phone', connectedAt: epochMs(0) };

let now = 10;

/** The record of a phone that has been told something. */
const told = (shown: Shown, cid: string, what: Told, isSent = true): Shown => {
  now += 1;
  const claimed = claim(shown, cid, what, on, epochMs(now));
  return settle(claimed, claimed, what, on, isSent);
};

it('a phone that has heard the end of a call is not told it again while it shows the next one', () => {
  const next = told(told(told(nothingShown(on), 'a', 'ring'), 'a', 'over'), 'b', 'ring');
  expect(tellingOf(next, 'a', 'over', on, epochMs(now))).toBe('told');
  expect(tellingOf(next, 'b', 'over', on, epochMs(now))).toBe('due');
});

it('a phone that has heard the end of the call that it began does not show it, whatever it is told or not told since', () => {
  const calling: Shown = { ...nothingShown(on), began: { cid: 'a', at: epochMs(5) } };
  expect(begunAndShown(calling)?.cid).toBe('a');
  const rungAgain = told(told(told(calling, 'a', 'over'), 'b', 'ring'), 'b', 'over');
  expect(begunAndShown(rungAgain)).toBeUndefined();
  expect(begunAndShown(told(rungAgain, 'c', 'ring', false))).toBeUndefined();
});
