import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from './aws/dynamodb/engine.ts';
import { startFrontDoor } from './aws/gateway/front-door.ts';
import { startInternalServer } from './aws/internal-server.ts';
import { watchedProcesses } from './aws/processes.ts';
import { startPushFakes } from './push/push-fakes.ts';
import { runTemplate } from './run-template.ts';
import { readSettings } from './settings.ts';
import { synthesize } from './synth.ts';

/** How a stack is to run. */
export interface StackOptions {
  /** 0: any free port. @default what the environment's PORT says, else 8181 */
  readonly port?: number;
  /** The stage to synthesize. @default what the environment's CARILLON_STAGE says, else dev */
  readonly stage?: string;
  /** @default the environment of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Keeps the functions' logs to themselves. @default false */
  readonly quiet?: boolean;
}

/** A running stack. */
export interface Stack {
  readonly url: string;
  stop(): Promise<void>;
}

/** Synthesizes the CDK app and runs the template on this machine; resolves when it can take a call. */
export async function startStack({ env = process.env, quiet = false, ...options }: StackOptions = {}): Promise<Stack> {
  const fromEnvironment = readSettings(env);
  const settings = {
    ...fromEnvironment,
    port: options.port ?? fromEnvironment.port,
    stage: options.stage ?? fromEnvironment.stage,
  };
  const log = (line: string): void => {
    if (!quiet) process.stderr.write(`${line}\n`);
  };
  const scratch = await mkdtemp(join(tmpdir(), 'carillon-'));
  const processes = watchedProcesses(scratch);
  const stopping = new AbortController();
  const closers: (() => void | Promise<void>)[] = [];
  /** Remembers how to close what has come up, even where something else did not. */
  const keep = async <T>(started: Promise<T>, close: (it: T) => void | Promise<void>): Promise<T> => {
    const it = await started;
    closers.push(() => close(it));
    if (stopping.signal.aborted) await close(it);
    return it;
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(closers.map(async (close) => close()));
    await processes.stop();
  };

  const assembly = join(scratch, 'assembly');
  try {
    const [front, internal, fakes, dynamodbUrl] = await Promise.all([
      keep(startFrontDoor(settings.port, log), (it) => it.stop()),
      keep(startInternalServer(log), (it) => it.stop()),
      keep(startPushFakes(), (it) => it.close()),
      settings.dynamodbEndpoint ?? startEngine(processes, settings.dataDirectory),
      synthesize(settings.stage, assembly, processes),
    ]);
    const context = { settings, scratch, processes, internal, fakes, dynamodbUrl, stopping: stopping.signal, log };
    front.open(await runTemplate(assembly, context));
    return { url: front.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
