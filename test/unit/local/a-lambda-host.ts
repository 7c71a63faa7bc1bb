import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startInternalServer } from '#local/aws/internal-server.ts';
import { type Account, openAccount } from '#local/aws/lambda/account.ts';
import { type Pool, startPool } from '#local/aws/lambda/pool.ts';
import { serveRuntimeApi } from '#local/aws/lambda/runtime-api.ts';
import { watchedProcesses } from '#local/aws/processes.ts';
import { openUsage, type Usage } from '#local/lab/metering/usage.ts';
import { type Egress, type Network, openEgress } from '#local/lab/network/egress.ts';

/** What a test may set for one of its functions. */
export interface FunctionOptions {
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly handler?: string;
  readonly openEgress?: () => Promise<Egress>;
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
  const internal = await startInternalServer(() => {});
  const runtimeApi = serveRuntimeApi(internal);
  const processes = watchedProcesses(scratch);
  const stopping = new AbortController();
  const logged: string[] = [];
  const log = (line: string) => void logged.push(line);
  const usage = openUsage(false);
  const account = openAccount();
  const shared = { account, processes, runtimeApi, stopping: stopping.signal, usage, log };
  return {
    scratch,
    logged,
    usage,
    account,
    aFunction({ name = 'Fixture', timeoutMs = 5000, handler = 'fixture-handlers.handler', ...own } = {}) {
      const spec = { name, arn: 'arn:fixture', handler, directory, timeoutMs, memoryMb: 128 };
      const environment = () => environmentOf(handler, directory);
      const host = { ...shared, environment, openEgress: () => openEgress({}, FOR_EVER), ...own };
      return startPool({ ...spec, environment: { MINE: '1' } }, host);
    },
    async stop() {
      stopping.abort();
      await processes.stop();
      internal.stop();
    },
  };
}

const environmentOf = (handler: string, directory: string) => ({
  _HANDLER: handler,
  LAMBDA_TASK_ROOT: directory,
  AWS_LAMBDA_FUNCTION_NAME: 'Fixture',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
  AWS_LAMBDA_LOG_GROUP_NAME: 'group',
  AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
});
