import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { localClient } from '../../../tools/local-stack.ts';
import { tableEndpoint } from './machine/stack-processes.ts';

/** A local stack in other processes, whose table the bench can read. */
export interface BenchStack {
  readonly url: string;
  /** The stack's main process: gateway, queues and push services. */
  readonly pid: number;
  /** The address where the main process listens for a debugger. */
  readonly inspector: string;
  readonly db: DynamoDBDocumentClient;
  readonly table: string;
  stop(): Promise<void>;
}

const READY = /^carillon ready on (\S+)$/;
const INSPECTOR = /^Debugger listening on (\S+)$/;
const LOG = '.cache/bench-scale-stack.log';

/** Starts an empty one, with `env` added to the environment. Its output goes to a file in `.cache`. */
export async function startBenchStack(env: Readonly<Record<string, string>> = {}): Promise<BenchStack> {
  await mkdir('.cache', { recursive: true });
  const stack = spawn(process.execPath, ['--inspect=127.0.0.1:0', 'local/cli.ts'], {
    env: {
      ...process.env,
      PORT: '0',
      CARILLON_LOG: 'json',
      CARILLON_SETTINGS: JSON.stringify({ events: false }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(stack, 'exit');
  const stop = async (): Promise<void> => {
    stack.kill('SIGTERM');
    await exited;
  };
  try {
    stack.stderr.pipe(createWriteStream(LOG));
    const [inspector, url] = await Promise.all([
      lineOf(stack, stack.stderr, INSPECTOR),
      lineOf(stack, stack.stdout, READY),
    ]);
    const pid = stack.pid ?? 0;
    const endpoint = await tableEndpoint(pid);
    const client = new DynamoDBClient(localClient(endpoint));
    const { TableNames: [table = ''] = [] } = await client.send(new ListTablesCommand({}));
    const db = DynamoDBDocumentClient.from(client);
    return { url, pid, inspector, db, table, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The capture of the first line that matches. */
function lineOf(of: ChildProcess, stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stream }).on('line', (line) => {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    of.once('exit', (code) => reject(new Error(`the local stack exited with ${code}: see ${LOG}`)));
  });
}
