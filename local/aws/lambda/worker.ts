import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import type { FunctionMeter } from '../../lab/metering/usage.ts';
import type { FunctionSpec } from './function-spec.ts';
import { InvocationError } from './invocation.ts';
import type { LambdaHost } from './lambda-host.ts';
import { runtimeArguments } from './node-runtime.ts';
import { type FailedInvocation, failureRecords } from './platform-records.ts';
import { openRuntimeApi } from './runtime-api.ts';

/** One invocation of a function. */
export interface Job {
  readonly event: unknown;
  readonly trace: string;
  succeed(result: unknown): void;
  fail(error: InvocationError): void;
}

/** One process of a function: one of Lambda's execution environments. */
export interface Worker {
  run(job: Job): void;
  /** Ends the process at once. */
  end(): void;
}

/** What a worker tells its pool. */
export interface WorkerEvents {
  /** The process is asking for an event. */
  idle(worker: Worker): void;
  /** The process has ended. `error` says why, if it ended before it was ever idle. */
  gone(worker: Worker, error: InvocationError | undefined): void;
}

/** A process that has not asked for its first event by then is given up. */
const INIT_LIMIT_MS = 30_000;

/** How an invocation failed. */
type Failure = Pick<FailedInvocation, 'status' | 'errorType'>;

/** Starts a process of a function. Between two events it is stopped and receives nothing, the way Lambda freezes it. */
export async function startWorker(
  spec: FunctionSpec,
  host: LambdaHost,
  meter: FunctionMeter,
  events: WorkerEvents,
): Promise<Worker> {
  const egress = await host.openEgress();
  let poll: ServerResponse | undefined;
  let job: Job | undefined;
  let requestId: string | undefined;
  let initialised = false;
  let unlimit: (() => void) | undefined;
  let initError: InvocationError | undefined;
  /** When the process was started, or when it received its current event. */
  let since: number;
  let timer: NodeJS.Timeout;
  const runtimeApi = await openRuntimeApi({
    next(response) {
      clearTimeout(timer);
      if (!initialised) meter.initialised(performance.now() - since);
      if (!initialised && child.pid !== undefined) unlimit = host.limitProcessor?.(child.pid, spec.memoryMb);
      initialised = true;
      poll = response;
      events.idle(worker);
      if (job) return;
      child.kill('SIGSTOP');
      egress.freeze();
    },
    succeeded: (result) => settle((done) => done.succeed(result)),
    failed(error) {
      if (initialised) settle((done) => done.fail(error), { status: 'error', errorType: error.type });
      else initError = error;
    },
  });
  if (host.stopping.aborted) {
    egress.close();
    runtimeApi.stop();
    throw new Error('the stack has stopped');
  }
  since = performance.now();
  timer = setTimeout(() => timedOut('Init timed out'), INIT_LIMIT_MS);
  const child = host.processes.spawn(process.execPath, runtimeArguments(spec.memoryMb), {
    cwd: spec.directory,
    env: {
      ...spec.environment,
      ...host.environment(spec),
      ...egress.environment,
      AWS_LAMBDA_RUNTIME_API: runtimeApi.address,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', logged);
  }
  child.once('exit', (code, signal) => {
    clearTimeout(timer);
    runtimeApi.stop();
    egress.close();
    unlimit?.();
    const how = signal === null ? `exit status ${code}` : `signal: ${signal}`;
    const error = new InvocationError(about(`Runtime exited with error: ${how}`), 'Runtime.ExitError');
    settle((done) => done.fail(error), { status: 'failure', errorType: error.type });
    events.gone(worker, initialised ? undefined : (initError ?? error));
  });

  function logged(line: string): void {
    meter.logged(line);
    host.log(`[${spec.name}] ${line}`);
  }

  /** The text of an error as Lambda words it. */
  const about = (what: string): string => (requestId === undefined ? what : `RequestId: ${requestId} Error: ${what}`);

  function settle(tell: (job: Job) => void, failure?: Failure): void {
    clearTimeout(timer);
    const done = job;
    job = undefined;
    if (!done || requestId === undefined) return;
    const ms = performance.now() - since;
    meter.answered(ms);
    if (failure) failureRecords({ requestId, ...failure, ms, memoryMb: spec.memoryMb }).forEach(logged);
    tell(done);
  }

  function timedOut(what: string): void {
    if (!initialised) host.log(`[${spec.name}] ${what}`);
    settle((done) => done.fail(new InvocationError(about(what), 'Sandbox.Timedout')), { status: 'timeout' });
    child.kill('SIGKILL');
  }

  const worker: Worker = {
    run(next) {
      job = next;
      since = performance.now();
      requestId = randomUUID();
      const seconds = (spec.timeoutMs / 1000).toFixed(2);
      timer = setTimeout(() => timedOut(`Task timed out after ${seconds} seconds`), spec.timeoutMs);
      egress.thaw();
      child.kill('SIGCONT');
      poll
        ?.writeHead(200, {
          'content-type': 'application/json',
          'lambda-runtime-aws-request-id': requestId,
          'lambda-runtime-deadline-ms': Date.now() + spec.timeoutMs,
          'lambda-runtime-invoked-function-arn': spec.arn,
          'lambda-runtime-trace-id': next.trace,
        })
        .end(JSON.stringify(next.event));
      poll = undefined;
    },
    end: () => void child.kill('SIGKILL'),
  };
  return worker;
}
