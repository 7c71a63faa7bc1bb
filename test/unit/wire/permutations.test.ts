import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memberOf } from '#domain/call/call.ts';
import { aHandset, answered, audible, hear } from '../../model/handset.ts';
import { frames, name, picture, played, steps } from '../../support/random-call.ts';

it.each([2, 4, 14])(
  'shows the true state of a call of %i to a member who gets its events in any order, some of them twice',
  (size) => {
    const property = fc.property(
      steps(size),
      fc.nat(size - 1),
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }),
      (all, who, order) => {
        const { changes, call, now } = played(size, all);
        const userId = name(who);
        const handset = aHandset(userId, 'h', 'browser');
        // What a member does themselves is answered with the call; an answer rings no handset.
        const answers = changes
          .filter(({ by, to }) => by === userId && memberOf(to, userId)?.state !== 'ringing')
          .map(
            ({ to }) =>
              () =>
                answered(handset, to),
          );
        const sent = [...frames(userId, changes).map((frame) => () => hear(handset, frame, now)), ...answers];
        if (sent.length === 0) return;
        const pick = (i: number): number => order[i % order.length] ?? 0;
        const twice = sent.filter((_, i) => pick(i) % 3 === 0);
        const shuffled = [...sent, ...twice]
          .map((arrive, i) => ({ arrive, place: pick(i * 7 + 3) * 100 + (i % 100) }))
          .toSorted((a, b) => a.place - b.place);
        for (const { arrive } of shuffled) arrive();
        const view = handset.views.get(call.cid);
        expect({
          status: view?.status,
          own: view?.members[userId]?.state ?? memberOf(call, userId)?.state,
          rings: audible(handset, now).length > 0,
        }).toEqual(picture(call, userId));
      },
    );
    fc.assert(property, { numRuns: Number(process.env['PERMUTATIONS'] ?? 2000) });
  },
);
