import { describe, expect, it } from 'vitest';
import { besideFloors } from '#test/bench/latency/measure-latency.ts';
import { type Contestant, playInTurn } from '#test/bench/latency/samples.ts';

describe('measured times beside their floors', () => {
  it('have the ratio of the medians and the number of calls', () => {
    const ours = new Map([
      ['signal_relay', [3, 1, 2]],
      ['rest_accept', [5]],
    ]);
    expect(besideFloors(ours, new Map([['signal_relay', [1, 1.5, 90]]]))).toEqual({
      signal_relay: { p50_ms: 2, p95_ms: 3, p99_ms: 3, floor_p50_ms: 1.5, floor_p99_ms: 90, ratio: 1.33, calls: 3 },
    });
  });
});

describe('contestants', () => {
  /** A contestant that takes 1 ms at first, then 2 ms and so on, and adds its name to `played`. */
  const counting = (name: string, played: string[]): Contestant => {
    let nth = 0;
    return {
      name,
      async play() {
        played.push(name);
        nth += 1;
        return [{ figure: 'time', ms: nth }];
      },
    };
  };

  it('take turns, call by call, and their warm-up calls are not counted', async () => {
    const played: string[] = [];
    const taken = await playInTurn([counting('a', played), counting('b', played)], { calls: 3, warmUp: 2 }, () => {});
    expect(played.join('')).toBe('ab'.repeat(5));
    for (const name of ['a', 'b']) {
      expect(taken.get(name)?.get('time')).toEqual([3, 4, 5]);
    }
  });
});
