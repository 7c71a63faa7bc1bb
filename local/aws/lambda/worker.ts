import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FunctionMeter } from '../../lab/metering/usage.ts';
import type { FunctionSpec } from './function-spec.ts';
import { InvocationError } from './invocation.ts';
import type { LambdaHost } from './lambda-host.ts';

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

const bootstrap = fileURLToPath(new URL('bootstrap.ts', import.meta.url));

/** Starts a process of a function. Between two events it is stopped and receives nothing, the way Lambda freezes it. */
export async function startWorker(
  spec: FunctionSpec,
  host: LambdaHost,
  meter: FunctionMeter,
  events: WorkerEvents,
): Promise<Worker> {
  const egress = await host.openEgress();
  if (host.stopping.aborted) {
    egress.close();
    throw new Error('the stack has stopped');
  }
  const processId = `${spec.name}-${randomUUID()}`;
  let poll: ServerResponse | undefined;
  let job: Job | undefined;
  let initialised = false;
  /** When the process was started, or when it received its current event. */
  let since = performance.now();
  let initError: InvocationError | undefined;
  let timer = setTimeout(() => kill('Init timed out'), INIT_LIMIT_MS);

  const address = host.runtimeApi.attach(processId, {
    next(response) {
      clearTimeout(timer);
      if (!initialised) meter.initialised(performance.now() - since);
      initialised = true;
      poll = response;
      events.idle(worker);
      if (job) return;
      child.kill('SIGSTOP');
      egress.freeze();
    },
    succeeded: (result) => settle((done) => done.succeed(result)),
    failed(error) {
      if (initialised) settle((done) => done.fail(error));
      else initError = error;
    },
  });
  const child = host.processes.spawn(process.execPath, [bootstrap], {
    cwd: spec.directory,
    env: { ...spec.environment, ...host.environment(spec), ...egress.environment, AWS_LAMBDA_RUNTIME_API: address },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', logged);
  }
  child.once('exit', (code, signal) => {
    clearTimeout(timer);
    host.runtimeApi.detach(processId);
    egress.close();
    const error = new InvocationError(`Runtime exited with ${signal ?? `code ${code}`}`, 'Runtime.ExitError');
    settle((done) => done.fail(error));
    events.gone(worker, initialised ? undefined : (initError ?? error));
  });

  function logged(line: string): void {
    meter.logged(line);
    host.log(`[${spec.name}] ${line}`);
  }

  function settle(tell: (job: Job) => void): void {
    clearTimeout(timer);
    const done = job;
    job = undefined;
    if (!done) return;
    meter.answered(performance.now() - since);
    tell(done);
  }

  function kill(why: string): void {
    host.log(`[${spec.name}] ${why}`);
    settle((done) => done.fail(new InvocationError(why, 'Sandbox.Timedout')));
    child.kill('SIGKILL');
  }

  const worker: Worker = {
    run(next) {
      job = next;
      since = performance.now();
      const requestId = randomUUID();
      const seconds = spec.timeoutMs / 1000;
      timer = setTimeout(() => kill(`${requestId} Task timed out after ${seconds.toFixed(2)} seconds`), spec.timeoutMs);
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
