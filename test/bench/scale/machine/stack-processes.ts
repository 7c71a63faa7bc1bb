import { readdir, readFile } from 'node:fs/promises';

/** A process of a running stack, and its kind: `stack` (gateway, queues, push services), `table`, or the function's name. */
export interface StackProcess {
  readonly pid: number;
  readonly what: string;
}

const FUNCTION = /^AWS_LAMBDA_FUNCTION_NAME=(.*?)(?:Worker)?$/m;
const ENGINE = /dynoxide serve --host (\S+) --port (\d+)/;

/** The live processes of the stack with this main process, the main one first. Only on Linux. */
export async function stackProcesses(pid: number): Promise<StackProcess[]> {
  const found = await Promise.all(
    (await childrenOf(pid)).map(async (child) => ({ pid: child, what: await whatIs(child) })),
  );
  return [
    { pid, what: 'stack' },
    ...found.flatMap(({ pid: child, what }) => (what === undefined ? [] : [{ pid: child, what }])),
  ];
}

/** The address of the stack's own DynamoDB, without the meter that may be before it. */
export async function tableEndpoint(pid: number): Promise<string> {
  const commands = await Promise.all((await childrenOf(pid)).map((child) => linesOf(child, 'cmdline', ' ')));
  const [, host, port] = commands.map((command) => ENGINE.exec(command)).find((found) => found) ?? [];
  if (port === undefined) throw new Error('the stack has no embedded DynamoDB');
  return `http://${host}:${port}`;
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const parents = await Promise.all(
    pids.map((pid) =>
      statOf(pid).then(
        (stat) => stat.parent,
        () => undefined,
      ),
    ),
  );
  return pids.filter((_, index) => parents[index] === parent);
}

/** A function or the table; `undefined` for any other process, and for one that has ended. */
async function whatIs(pid: number): Promise<string | undefined> {
  if (ENGINE.test(await linesOf(pid, 'cmdline', ' '))) return 'table';
  return FUNCTION.exec(await linesOf(pid, 'environ', '\n'))?.[1]?.toLowerCase();
}

const linesOf = (pid: number, file: string, between: string): Promise<string> =>
  readFile(`/proc/${pid}/${file}`, 'utf8').then(
    (text) => text.replaceAll('\0', between),
    () => '',
  );

/** What the kernel knows about a process. */
interface ProcessStat {
  readonly parent: number;
  /** The CPU time of all its threads so far, in ms. */
  readonly cpuMs: number;
}

/** The kernel counts in hundredths of a second. */
export const TICK_MS = 10;

/** Reads a process's line in `/proc`; rejects if there is no such process. */
export async function statOf(pid: number): Promise<ProcessStat> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program is in parentheses, and may contain anything.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}

/** The resident memory (RSS) of a process, in bytes. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
