import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Pool } from '#local/aws/lambda/pool.ts';
import { watchedProcesses } from '#local/aws/processes.ts';
import { type FunctionOptions, startTestHost, type TestHost } from './a-lambda-host.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
});
afterAll(() => host.stop());

const aFunction = (options?: FunctionOptions): Pool => host.aFunction(options);

interface Echo {
  readonly event: unknown;
  readonly calls: number;
  readonly pid: number;
  readonly request: string;
}

const act = async (pool: Pool, name: string, more: object = {}) => (await pool.invoke({ act: name, ...more })) as Echo;

describe('a function', () => {
  it('keeps its process from one invocation to the next', async () => {
    const pool = aFunction();
    await pool.warm();
    const first = await act(pool, 'echo', { n: 1 });
    const second = await act(pool, 'echo', { n: 2 });
    expect(first).toMatchObject({ event: { n: 1 }, calls: 1 });
    expect(second).toMatchObject({ event: { n: 2 }, calls: 2, pid: first.pid });
  });

  it('starts another process if all are busy', async () => {
    const pool = aFunction();
    const pids = (await Promise.all([1, 2, 3].map(() => act(pool, 'slow')))).map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(3);
  });

  it('sees its own environment and nothing of the stack’s', async () => {
    process.env['A_SECRET_OF_THE_STACK'] = 'x';
    const environment = await act(aFunction(), 'environment');
    expect(environment).toMatchObject({ MINE: '1', _X_AMZN_TRACE_ID: expect.stringContaining('Root=1-') });
    expect(environment).not.toHaveProperty('A_SECRET_OF_THE_STACK');
  });

  it('is frozen between invocations', async () => {
    const pool = aFunction();
    const file = join(host.scratch, 'ticks');
    const ticks = () => (existsSync(file) ? readFileSync(file, 'utf8').length : 0);
    await act(pool, 'tick', { file });
    await sleep(50);
    const before = ticks();
    await sleep(100);
    expect(ticks()).toBe(before);
    await act(pool, 'slow');
    expect(ticks()).toBeGreaterThan(before);
  });

  it('reports what its handler throws, and keeps its process', async () => {
    const pool = aFunction();
    await expect(act(pool, 'throw')).rejects.toMatchObject({ message: 'wrong', type: 'TypeError' });
    expect(await act(pool, 'echo')).toMatchObject({ calls: 2 });
  });

  it('is restarted after a time-out', async () => {
    const pool = aFunction({ timeoutMs: 200 });
    await expect(act(pool, 'hang')).rejects.toThrow('Task timed out after 0.20 seconds');
    expect(await act(pool, 'echo')).toMatchObject({ calls: 1 });
  });

  it('is restarted after a crash', async () => {
    const pool = aFunction();
    await expect(act(pool, 'crash')).rejects.toMatchObject({ type: 'Runtime.ExitError' });
    expect(await act(pool, 'echo')).toMatchObject({ calls: 1 });
  });

  it('is restarted on demand, after its current invocation', async () => {
    const pool = aFunction();
    await pool.warm();
    const busy = act(pool, 'slow');
    pool.restart();
    const { pid } = await busy;
    const after = await act(pool, 'echo');
    expect(after.calls).toBe(1);
    expect(after.pid).not.toBe(pid);
  });

  it('that cannot be loaded says so', async () => {
    const pool = aFunction({ handler: 'fixture-handlers.nothing' });
    await expect(pool.warm()).rejects.toThrow('Fixture did not start: fixture-handlers.nothing is undefined');
    await expect(act(pool, 'echo')).rejects.toThrow('is undefined or not exported');
  });

  it('is billed from the event to the answer, for the start of its process, and by what it logs', async () => {
    const pool = aFunction({ name: 'BilledFunction' });
    await pool.warm();
    host.usage.reset();
    const since = performance.now();
    await act(pool, 'slow');
    const most = Math.ceil(performance.now() - since);
    const billed = () => host.usage.report().lambda['billed'];
    expect(billed()).toMatchObject({ invocations: 1, memory_mb: 128, cold_starts: 0, log_events: 0, log_bytes: 0 });
    expect(billed()?.billed_ms).toBeGreaterThanOrEqual(599);
    expect(billed()?.billed_ms).toBeLessThanOrEqual(most);
    await act(pool, 'write');
    await vi.waitFor(() =>
      expect(billed()).toMatchObject({ log_events: 1, log_bytes: 'a line of its own'.length + 26 }),
    );
    host.usage.reset();
    await pool.warm();
    expect(billed()).toMatchObject({ invocations: 0, cold_starts: 1 });
    expect(billed()?.billed_ms).toBeGreaterThan(0);
  });

  it('runs with the options that Lambda gives Node', async () => {
    expect(await act(aFunction(), 'options')).toEqual([
      '--expose-gc',
      '--max-http-header-size=81920',
      '--max-semi-space-size=2',
      '--max-old-space-size=116',
      '--require',
      expect.stringContaining('rapid-client.cjs'),
    ]);
  });

  it('logs under its name: what goes through `console` as AWS’s runtime writes it, the rest as it is', async () => {
    const pool = aFunction({ name: 'Logging' });
    const { request } = await act(pool, 'echo');
    for (const line of ['debug', 'log', 'write']) await act(pool, line);
    await vi.waitFor(() => expect(logOf('Logging')).toHaveLength(2));
    const [first = '', second] = logOf('Logging');
    expect(JSON.parse(first)).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'INFO',
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      message: 'a line of the handler',
    });
    expect(JSON.parse(first).requestId).not.toBe(request);
    expect(second).toBe('a line of its own');
  });

  it.each([
    ['throw', 'error', 'TypeError', 'wrong'],
    ['crash', 'failure', 'Runtime.ExitError', 'Runtime exited with error: exit status 3'],
    ['hang', 'timeout', undefined, 'Task timed out after 0.50 seconds'],
  ])('that fails is logged about by Lambda, too: %s', async (what, status, errorType, message) => {
    const pool = aFunction({ name: `Failing${what}`, timeoutMs: 500 });
    await expect(act(pool, what)).rejects.toThrow(message);
    await vi.waitFor(() => expect(platformRecords(`Failing${what}`)).toHaveLength(2));
    const [done, report] = platformRecords(`Failing${what}`);
    const record = { requestId: expect.any(String), status, ...(errorType !== undefined && { errorType }) };
    const durationMs = expect.any(Number);
    expect(done).toEqual({ type: 'platform.runtimeDone', record: { ...record, metrics: { durationMs } } });
    const metrics = { durationMs, billedDurationMs: durationMs, memorySizeMB: 128 };
    expect(report).toEqual({ type: 'platform.report', record: { ...record, metrics } });
  });

  it('that throws is logged about by AWS’s runtime', async () => {
    const pool = aFunction({ name: 'Throwing' });
    await expect(act(pool, 'throw')).rejects.toThrow('wrong');
    await vi.waitFor(() => expect(logOf('Throwing').find((line) => line.includes('stackTrace'))).toBeDefined());
    expect(JSON.parse(logOf('Throwing').find((line) => line.includes('stackTrace')) ?? '')).toMatchObject({
      level: 'ERROR',
      message: { errorType: 'TypeError', errorMessage: 'wrong', stackTrace: expect.any(Array) },
    });
  });
});

const logOf = (name: string): string[] =>
  host.logged.filter((line) => line.startsWith(`[${name}] `)).map((line) => line.slice(name.length + 3));

const platformRecords = (name: string): object[] =>
  logOf(name)
    .filter((line) => line.includes('"platform.'))
    .map((line) => {
      const { time: _, ...rest } = JSON.parse(line);
      return rest;
    });

describe('the processes of a stack', () => {
  it('end with it, frozen or not, and leave no scratch directory behind', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'carillon-test-'));
    const own = watchedProcesses(directory);
    const frozen = own.spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    frozen.kill('SIGSTOP');
    await own.stop();
    expect(frozen.signalCode).toBe('SIGKILL');
    expect(existsSync(directory)).toBe(false);
    expect(() => own.spawn(process.execPath, [], {})).toThrow('stopped');
  });

  it('end soon after a stack that was killed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'carillon-test-'));
    const stack = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `
      import { watchedProcesses } from '#local/aws/processes.ts';
      const child = watchedProcesses('${directory}').spawn('sleep', ['60'], { stdio: 'ignore' });
      child.kill('SIGSTOP');
      console.log(child.pid);
    `,
    ]);
    const [line] = await once(stack.stdout, 'data');
    const alive = () => isAlive(Number(String(line)));
    expect(alive()).toBe(true);
    stack.kill('SIGKILL');
    await vi.waitFor(() => expect([alive(), existsSync(directory)]).toEqual([false, false]), 5000);
  });
});

/** Whether a process is running. One that has ended but has not been reaped is not. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)]);
  return /^[^Z]/.test(String(stdout).trim());
}
