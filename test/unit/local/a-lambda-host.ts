import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Account, openAccount } from '#local/aws/lambda/account.ts';
import { reservedVariables } from '#local/aws/lambda/function-environment.ts';
import { type Pool, startPool } from '#local/aws/lambda/pool.ts';
import { watchedProcesses } from '#local/aws/processes.ts';
import { openUsage, type Usage } from '#local/lab/metering/usage.ts';
import { type Egress, type Network, openEgress } from '#local/lab/network/egress.ts';

/** What a test may set for one of its functions. */
export interface FunctionOptions {
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly handler?: string;
  readonly openEgress?: () => Promise<Egress>;
  readonly limitProcessor?: (pid: number, memoryMb: number) => () => void;
}

/** Runs functions of `fixture-handlers.mjs` in real processes. */
export interface TestHost {
  readonly scratch: string;
  readonly logged: readonly string[];
  readonly usage: Usage;
  readonly account: Account;
  aFunction(options?: FunctionOptions): Pool;
  stop(): Promise<void>;
}

const FOR_EVER: Network = { dropFrozenAfterMs: undefined };

export async function startTestHost(): Promise<TestHost> {
  const scratch = mkdtempSync(join(tmpdir(), 'carillon-test-'));
  const directory = fileURLToPath(new URL('.', import.meta.url));
  const processes = watchedProcesses(scratch);
  const stopping = new AbortController();
  const logged: string[] = [];
  const log = (line: string) => void logged.push(line);
  const usage = openUsage(false);
  const account = openAccount();
  const shared = { account, processes, stopping: stopping.signal, usage, log };
  return {
    scratch,
    logged,
    usage,
    account,
    aFunction({ name = 'Fixture', timeoutMs = 5000, handler = 'fixture-handlers.handler', ...own } = {}) {
      const spec = {
        ...{ name, arn: 'arn:fixture', handler, directory, timeoutMs, memoryMb: 128 },
        logLevel: 'INFO',
        environment: { MINE: '1' },
      };
      const environment = reservedVariables;
      return startPool(spec, { ...shared, environment, openEgress: () => openEgress({}, FOR_EVER), ...own });
    },
    async stop() {
      stopping.abort();
      await processes.stop();
    },
  };
}
