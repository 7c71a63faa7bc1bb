import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The programs of coturn, and the environment that they need. */
export interface Turnserver {
  readonly turnserver: string;
  readonly turnadmin: string;
  readonly env: NodeJS.ProcessEnv;
}

const run = promisify(execFile);
const CACHE = resolve('.cache');
const UNPACKED = join(CACHE, 'coturn');

/** The installed coturn, or else Debian's package, unpacked into `.cache`. No service is installed or started. */
export async function findTurnserver(): Promise<Turnserver> {
  const installed = { turnserver: 'turnserver', turnadmin: 'turnadmin', env: process.env };
  if (await works(installed)) return installed;
  try {
    if (!(existsSync(UNPACKED) && (await works(await unpacked())))) await fetchPackage();
    return await unpacked();
  } catch (cause) {
    throw new Error('These tests need coturn: install it (on Debian and Ubuntu: apt-get install coturn)', { cause });
  }
}

const works = ({ turnserver, env }: Turnserver): Promise<boolean> =>
  run(turnserver, ['--version'], { env }).then(
    () => true,
    () => false,
  );

async function unpacked(): Promise<Turnserver> {
  const libraries = (await readdir(join(UNPACKED, 'usr/lib'))).map((name) => join(UNPACKED, 'usr/lib', name));
  const bin = join(UNPACKED, 'usr/bin');
  return {
    turnserver: join(bin, 'turnserver'),
    turnadmin: join(bin, 'turnadmin'),
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':') },
  };
}

/** Downloads the package. If the package lists are missing or old, they are updated first, which takes root. */
async function fetchPackage(): Promise<void> {
  await download().catch(async () => {
    const update = ['apt-get', 'update', '-qq'];
    const [command = '', ...args] = process.getuid?.() === 0 ? update : ['sudo', '-n', ...update];
    await run(command, args);
    await download();
  });
}

/** Downloads coturn and the libraries that are not installed, and unpacks them. */
async function download(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(join(CACHE, 'coturn-'));
  try {
    const simulated = await run('apt-get', ['install', '--simulate', '--no-install-recommends', 'coturn']);
    const packages = [...simulated.stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
    await run('apt-get', ['download', '-qq', ...packages], { cwd: scratch });
    for (const file of await readdir(scratch)) {
      await run('dpkg', ['--extract', join(scratch, file), join(scratch, 'root')]);
    }
    await rm(UNPACKED, { recursive: true, force: true });
    await rename(join(scratch, 'root'), UNPACKED);
  } finally {
    await rm(scratch, { recursive: true });
  }
}
