import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from './aws/dynamodb/engine.ts';
import { startFrontDoor } from './aws/gateway/front-door.ts';
import { openKeys } from './aws/iam/keys.ts';
import { startInternalServer } from './aws/internal-server.ts';
import { watchedProcesses } from './aws/processes.ts';
import { humanLine } from './human-log.ts';
import { localIssuer } from './issuer/issuer.ts';
import { openDelays } from './lab/delays/delays.ts';
import { openProcessorShares } from './lab/processors/control-groups.ts';
import { startPushFakes } from './push/push-fakes.ts';
import { runTemplate } from './run-template.ts';
import { readSettings, type Settings } from './settings.ts';
import { synthesizeChanges } from './synth.ts';

/** How a stack is to run. */
export interface StackOptions {
  /** @default the environment of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Is told what the start is doing. @default nobody is told */
  progress?(line: string): void;
}

/** A running stack. */
export interface Stack {
  readonly url: string;
  readonly settings: Settings;
  stop(): Promise<void>;
}

/** Synthesizes the CDK app and runs its templates on this machine. Resolves when the stack can take a call. */
export async function startStack({ env = process.env, progress = () => undefined }: StackOptions = {}): Promise<Stack> {
  const settings = readSettings(env);
  const log = logger(settings);
  const scratch = await mkdtemp(join(tmpdir(), 'carillon-'));
  const processes = watchedProcesses(scratch);
  const stopping = new AbortController();
  const closers: (() => void | Promise<void>)[] = [];
  /** Remembers how to close what has started, even if something else fails to start. */
  const closeLater = async <T>(started: Promise<T>, close: (it: T) => void | Promise<void>): Promise<T> => {
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

  const keys = openKeys(settings);
  const delays = settings.likeAws ? openDelays(1) : undefined;
  const shares = settings.likeAws ? openProcessorShares() : undefined;
  if (shares && 'directory' in shares) processes.removeLater(shares.directory);
  const assembly = join(scratch, 'assembly');
  try {
    const [front, internal, fakes, dynamodbUrl] = await Promise.all([
      closeLater(startFrontDoor(settings.port, log), (it) => it.stop()),
      closeLater(startInternalServer(log, delays), (it) => it.stop()),
      closeLater(startPushFakes({ awsKeyOf: keys.find }), (it) => it.close()),
      settings.dynamodbEndpoint ?? startEngine(processes, settings.dataDirectory),
      synthesizeChanges(
        {
          stage: settings.stage,
          phones: true,
          ...(settings.events && { events: true }),
          ...(settings.ringHook && { ringHook: true }),
        },
        assembly,
        processes,
        {
          building: () =>
            progress('Building the functions and the CloudFormation templates. The next start reuses them …'),
          bundling: (name) => progress(`  bundling ${name} …`),
        },
      ),
    ]);
    progress('Starting DynamoDB, the queues, the push services and the functions …');
    const issuer = localIssuer(`${front.url}/_local/issuer`);
    const context = {
      ...{ settings, scratch, processes, internal, delays, shares, keys, fakes, issuer, dynamodbUrl, log },
      publicUrl: front.url,
      stopping: stopping.signal,
    };
    front.open(await runTemplate(assembly, context));
    return { url: front.url, settings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Writes the log to stderr, for people or as it is. */
function logger({ logFormat }: Settings): (line: string) => void {
  const write = (line: string | undefined): void => {
    if (line !== undefined) process.stderr.write(`${line}\n`);
  };
  return logFormat === 'json' ? write : (line) => write(humanLine(line));
}
