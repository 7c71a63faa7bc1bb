import { describe, expect, it } from 'vitest';
import { judgeLeftovers } from '#test/bench/scale/soak/judge-leftovers.ts';
import { judgeFunctionHeaps, judgeResident, judgeStackHeap } from '#test/bench/scale/soak/judge-memory.ts';
import type { Leftovers } from '#test/bench/scale/soak/leftovers.ts';

const MIB = 2 ** 20;
const every5s = (values: number[]) => values.map((value, index) => ({ at: index * 5000, value: value * MIB }));

describe('the heap of the stack', () => {
  it('is steady if it goes up and down, or rises at the start only', () => {
    expect(judgeStackHeap(every5s(Array.from({ length: 120 }, (_, i) => 30 + (i % 12))))).toMatchObject({
      isGood: true,
    });
    expect(judgeStackHeap(every5s(Array.from({ length: 120 }, (_, i) => Math.min(i, 35))))).toMatchObject({
      isGood: true,
    });
  });

  it('grows if its trend rises by more than a tenth', () => {
    const leak = every5s(Array.from({ length: 120 }, (_, i) => 40 + i / 10 + (i % 2) * 5));
    expect(judgeStackHeap(leak)).toMatchObject({ isGood: false });
  });
});

describe('the heaps of functions', () => {
  it('are compared process by process, for processes that live at both times', () => {
    const heap = (what: string, pid: number, mib: number) => ({ pid, what, bytes: mib * MIB });
    const early = [heap('ring', 1, 30), heap('ring', 2, 30), heap('http', 3, 30), heap('http', 4, 50)];
    const late = [heap('ring', 1, 32), heap('ring', 2, 36), heap('http', 3, 31), heap('http', 5, 99)];
    expect(judgeFunctionHeaps(early, late)).toMatchObject([
      {
        what: 'the heap of ring does not grow',
        isGood: false,
        seen: 'of 2 processes, the most: from 30.0 MiB to 36.0 MiB',
      },
      { what: 'the heap of http does not grow', isGood: true },
    ]);
  });

  it('have to fit into the memory of the function', () => {
    const resident = new Map([
      ['ring 1', every5s([200, 500])],
      ['http 2', every5s([100, 513])],
      ['stack 3', every5s([900])],
    ]);
    const findings = judgeResident({ stackHeap: [], resident }, () => 512);
    expect(findings.map(({ what, isGood }) => [what.split(' ')[0], isGood])).toEqual([
      ['ring', true],
      ['http', false],
    ]);
  });
});

const clean: Leftovers = {
  rows: 100,
  immortal: [],
  connections: 0,
  busyLocks: 0,
  messages: { ring: 0, deadline: 0, hello: 0 },
};
const bad = (left: Partial<Leftovers>, failures: string[] = []) =>
  judgeLeftovers(failures, { ...clean, ...left }).filter(({ isGood }) => !isGood);

describe('the verdict', () => {
  it('is good if nothing is left behind', () => {
    expect(bad({})).toEqual([]);
  });

  it('names rows, connections, busy locks and messages that were left, and calls that failed', () => {
    expect(bad({ immortal: ['CALL#a TRACE#b'] })).toMatchObject([{ seen: '1: CALL#a TRACE#b' }]);
    expect(bad({ connections: 2 })).toHaveLength(1);
    expect(bad({ busyLocks: 1 })).toHaveLength(1);
    expect(bad({ messages: { ring: 0, deadline: 3 } })).toMatchObject([{ seen: '1: deadline 3' }]);
    expect(bad({}, ['missed: refused: contended'])).toHaveLength(1);
  });
});
