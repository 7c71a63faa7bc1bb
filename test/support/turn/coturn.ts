import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStunSocket } from './stun-socket.ts';
import { findTurnserver } from './turnserver.ts';

/** A coturn on the loopback interface. */
export interface Coturn {
  /** Its address, as clients get it. */
  readonly url: string;
  /** Accepts credentials of this secret, too. */
  learn(secret: string): Promise<void>;
  /** Refuses credentials of this secret from now on. */
  forget(secret: string): Promise<void>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const HOST = '127.0.0.1';
const REALM = 'turn.example.com';
const BINDING_REQUEST = 0x0001;

/** Starts a coturn with `secrets` in its configuration file, and waits until it answers. */
export async function startCoturn(secrets: readonly string[]): Promise<Coturn> {
  const { turnserver, turnadmin, env } = await findTurnserver();
  const directory = await mkdtemp(join(tmpdir(), 'carillon-coturn-'));
  const database = join(directory, 'turndb');
  const config = join(directory, 'turnserver.conf');
  const port = await freePort();
  await writeFile(config, configuration({ port, directory, database, secrets }), { mode: 0o600 });
  const server = spawn(turnserver, ['-c', config], { env, stdio: 'ignore' });
  const exited = once(server, 'exit');
  const administer = async (option: string, secret: string): Promise<void> => {
    const { stdout } = await run(turnadmin, ['-b', database, option, secret, '-r', REALM], { env });
    // Its log file cannot be configured, but it prints the name.
    for (const [, log = ''] of stdout.matchAll(/log file opened: (\S+)/g)) await rm(log, { force: true });
  };
  await Promise.race([
    answering(port),
    exited.then(([code]) => Promise.reject(new Error(`turnserver exited with ${code}`))),
  ]);
  return {
    url: `turn:${HOST}:${port}?transport=udp`,
    learn: (secret) => administer('-s', secret),
    forget: (secret) => administer('-X', secret),
    async stop() {
      server.kill();
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

interface Configured {
  readonly port: number;
  readonly directory: string;
  readonly database: string;
  readonly secrets: readonly string[];
}

const configuration = ({ port, directory, database, secrets }: Configured): string =>
  [
    `listening-ip=${HOST}`,
    `listening-port=${port}`,
    `relay-ip=${HOST}`,
    'allow-loopback-peers',
    'no-tcp',
    'no-tls',
    'no-dtls',
    'no-cli',
    `realm=${REALM}`,
    'use-auth-secret',
    ...secrets.map((secret) => `static-auth-secret=${secret}`),
    `userdb=${database}`,
    `pidfile=${join(directory, 'pid')}`,
    'log-file=stdout',
    '',
  ].join('\n');

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, HOST);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

async function answering(port: number): Promise<void> {
  const socket = await openStunSocket({ host: HOST, port });
  await socket.request(BINDING_REQUEST, []).finally(() => socket.close());
}
