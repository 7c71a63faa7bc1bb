import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../listen.ts';
import type { Processes } from '../processes.ts';

const READY_LIMIT_MS = 10_000;

/** Starts the embedded DynamoDB and returns its URL. Without a `dataDirectory` it forgets everything when it stops. */
export async function startEngine(processes: Processes, dataDirectory: string | undefined): Promise<string> {
  const { hostname, port, href } = new URL(await freeAddress());
  const storage = dataDirectory === undefined ? [] : ['--db-path', join(dataDirectory, 'dynamodb.sqlite')];
  if (dataDirectory !== undefined) await mkdir(dataDirectory, { recursive: true });
  const engine = processes.spawn(engineBinary(), ['serve', '--host', hostname, '--port', port, ...storage], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  engine.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  let ended = false;
  engine.once('exit', () => {
    ended = true;
  });
  engine.once('error', () => {
    ended = true;
  });
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await answers(href))) {
    if (ended || Date.now() > deadline) throw new Error(`the embedded DynamoDB did not start: ${output}`);
    await sleep(20);
  }
  return href.replace(/\/$/, '');
}

function engineBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), 'dynoxide');
  } catch {
    throw new Error(
      `the embedded DynamoDB is not installed for this platform (${name}): point AWS_ENDPOINT_URL_DYNAMODB at DynamoDB Local or at AWS`,
    );
  }
}

async function freeAddress(): Promise<string> {
  const probe = createServer();
  const address = await listen(probe, 0);
  await new Promise((resolve) => probe.close(resolve));
  return address;
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );
