import { spreadOf } from '../quantile.ts';
import { type BenchStack, startBenchStack } from './bench-stack.ts';
import { addPhones, connectAll, fresh, users } from './crowd.ts';
import { eachOf } from './each-of.ts';
import { type Callee, type GroupCall, playGroupCall } from './group-call.ts';
import { type ManyDevices, measureDevices } from './many-devices.ts';
import { openApp, playShortCall, withPhones } from './short-call.ts';
import { storeCalls } from './stored-calls.ts';
import { sumOf, type Units, unitsOf } from './usage.ts';

/** How the costs and times of a call grow. */
export interface Growth {
  readonly members: readonly GroupCall[];
  readonly devices: readonly ManyDevices[];
  readonly stored: readonly StoredRows[];
}

/** Calls with a number of rows in the table. */
export interface StoredRows {
  readonly rows: number;
  /** The cost of each call, the cheapest first: a hello before its socket is open reads once more. */
  readonly calls: readonly Units[];
  /** From the first frame of a call until both users know that it is over. */
  readonly call_p50_ms: number;
}

const MEMBERS = [2, 10, 30, 100];
const DEVICES = [1, 5, 25];
const ROWS = [1, 10_000, 100_000];
const CALLS = 5;
/** The sockets that are open when the woken phone has gone. */
const ONLY_THE_CALLER = 1;
/** Users whose calls fill the table, besides those who are measured. */
const STRANGERS = 200;

/** Measures calls of up to 100 members, users of up to 25 devices, and calls with up to 100 000 rows in the table. */
export async function measureGrowth(): Promise<Growth> {
  const stack = await startBenchStack({ CARILLON_METER: '1' });
  try {
    const members = await measureMembers(stack);
    const devices: ManyDevices[] = [];
    for (const many of DEVICES) devices.push(await measureDevices(stack.url, many));
    const stored: StoredRows[] = [];
    for (const rows of ROWS) stored.push(await measureStored(stack, rows - (stored.at(-1)?.rows ?? 0), rows));
    return { members, devices, stored };
  } finally {
    await stack.stop();
  }
}

async function measureMembers(stack: BenchStack): Promise<GroupCall[]> {
  const { url } = stack;
  const most = Math.max(...MEMBERS);
  const [caller, ...others] = await connectAll(url, await users(url, 'member', most));
  if (!caller) throw new Error('nobody came');
  const phones = await addPhones(url, others);
  const callees = others.map((other, index): Callee => ({ ...other, phone: phones[index] ?? '' }));
  // Whatever the processes need once, they have got after this one.
  await playGroupCall(stack, caller, callees.slice(0, 29));
  const calls: GroupCall[] = [];
  for (const many of MEMBERS) calls.push(await playGroupCall(stack, caller, callees.slice(0, many - 1)));
  await Promise.all([caller, ...others].map(({ socket }) => socket.close()));
  return calls;
}

/** Stores more rows, some of them of the users who call each other then. */
async function measureStored(stack: BenchStack, more: number, rows: number): Promise<StoredRows> {
  const { url } = stack;
  const callers = await users(url, 'caller', CALLS);
  const callees = await eachOf(await users(url, 'callee', CALLS), 5, (user) => withPhones(url, user));
  const strangers = Array.from({ length: STRANGERS }, () => fresh('stranger'));
  await storeCalls(stack, more, [...callers, ...callees].map(({ id }) => id).concat(strangers));
  const calls: Units[] = [];
  const times: number[] = [];
  for (const [index, user] of callers.entries()) {
    const callee = callees[index];
    if (!callee) break;
    const caller = await openApp(url, user);
    const { result, units } = await unitsOf(
      url,
      async () => {
        const startedAt = performance.now();
        await playShortCall(url, caller, callee);
        return performance.now() - startedAt;
      },
      ONLY_THE_CALLER,
    );
    caller.carillon.close();
    calls.push(units);
    times.push(result);
  }
  const byReads = (a: Units, b: Units): number => sumOf(a.read_units) - sumOf(b.read_units);
  return { rows, calls: calls.toSorted(byReads), call_p50_ms: spreadOf(times).p50_ms };
}
