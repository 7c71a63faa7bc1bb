import type { CpuUsage } from './machine/cpu-usage.ts';

/** At this share of one core a process is fully used: the rest is lost to scheduling. */
const FULL_PROCESS = 0.85;
/** From this share on, random arrivals collide so often that the slowest of a hundred waits longer than it works. */
const FULL_MACHINE = 0.7;

/** Whose code runs in a process. */
const OWNERS: Readonly<Record<string, string>> = {
  stack: "the emulator's main process (gateway, queues, FCM, APNs)",
  table: "the emulator's DynamoDB",
  client: 'the bench itself',
};

const named = (what: string): string => OWNERS[what] ?? `Carillon's function ${what}`;

/** Says what rings had to wait for; `coldStarts` is the number of processes that had to start for them. */
export function bottleneckOf({ cores, machine, machine_cores, busiest }: CpuUsage, coldStarts: number): string {
  if (busiest.cores >= FULL_PROCESS) return `one core for ${named(busiest.what)}, which has one thread`;
  const ours = Object.values(cores).reduce((sum, one) => sum + one, 0);
  const used = `${machine.toFixed(2)} of ${machine_cores} cores busy`;
  if (machine < machine_cores * FULL_MACHINE) {
    return coldStarts > 0
      ? `processes that were up: ${coldStarts} had to start while rings waited for them (${used})`
      : `no processor time (${used}): rings wait for something else`;
  }
  const [most = ''] = Object.keys(cores);
  const strangers = machine - ours;
  const others = strangers > 0.1 * machine ? `, ${strangers.toFixed(2)} of it for programs that are not ours` : '';
  return `the machine's processors (${used}${others}), most of it for ${named(most)}`;
}
