import { expect, it } from 'vitest';
import { bottleneckOf } from '#test/bench/scale/bottleneck.ts';
import type { CpuUsage } from '#test/bench/scale/machine/cpu-usage.ts';

const usage = (extra: Partial<CpuUsage>): CpuUsage => ({
  cores: { command: 0.9, stack: 0.4, client: 0.1 },
  machine: 1.45,
  machine_cores: 2,
  busiest: { pid: 1, what: 'stack', cores: 0.4 },
  busiest_function: { pid: 2, what: 'command' },
  ...extra,
});

it('names the thread that is fully used', () => {
  const busiest = { pid: 1, what: 'stack', cores: 0.97 };
  expect(bottleneckOf(usage({ busiest }), 0)).toMatch(/^one core for the emulator's main process/);
});

it('names whose work fills the machine, and how much of it is for other programs', () => {
  expect(bottleneckOf(usage({}), 0)).toBe(
    "the machine's processors (1.45 of 2 cores busy), most of it for Carillon's function command",
  );
  expect(bottleneckOf(usage({ machine: 2 }), 3)).toContain('0.60 of it for programs that are not ours');
});

it('says so if nothing is short of processor time', () => {
  expect(bottleneckOf(usage({ machine: 0.5 }), 0)).toMatch(/^no processor time/);
  expect(bottleneckOf(usage({ machine: 0.5 }), 2)).toMatch(/^processes that were up: 2 had to start/);
});
