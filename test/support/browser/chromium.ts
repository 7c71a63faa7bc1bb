import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type BrowserServer, chromium } from 'playwright-core';

const run = promisify(execFile);

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** What a browser needs to call without asking anybody, with a camera and a microphone that are made up. */
const ARGUMENTS = [
  '--no-sandbox',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns,SpareRendererForSitePerProcess',
];

/** Starts the installed Chromium, to connect to; Debian's package is installed first if there is none, which takes root. */
export async function startChromium(): Promise<BrowserServer> {
  const executablePath = (await installed()) ?? (await install());
  return await chromium.launchServer({ executablePath, args: ARGUMENTS, host: '127.0.0.1' });
}

async function installed(): Promise<string | undefined> {
  const paths = await Promise.all(NAMES.map((name) => run('which', [name]).catch(() => undefined)));
  return paths.find((path) => path !== undefined)?.stdout.trim();
}

async function install(): Promise<string> {
  const asRoot = async (...command: string[]): Promise<void> => {
    const [program = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
    await run(program, args, { maxBuffer: 64 * 1024 * 1024 });
  };
  const get = () => asRoot('apt-get', 'install', '-qq', '-y', '--no-install-recommends', 'chromium');
  try {
    await get().catch(() => asRoot('apt-get', 'update', '-qq').then(get));
  } catch (cause) {
    throw new Error('These tests need Chromium: install it (on Debian and Ubuntu: apt-get install chromium)', {
      cause,
    });
  }
  const path = await installed();
  if (path === undefined) throw new Error('Chromium was installed, but is not to be found');
  return path;
}
