import { spawn } from 'node:child_process';
import type { Stack } from './stack.ts';

// The local stack on the command line: it starts, says how to use it, and stops on Ctrl-C.

const USAGE = `usage: npm start [-- --json], npm run phones

  --json     log every line as the functions write it, metrics included (the same as CARILLON_LOG=json)
  --phones   open the page with the virtual phones in your browser, if it can be found`;

const OPEN = `Anyone can get a token here: OPEN_MINT is on, unlike in any deployment.`;
const UNLIMITED = `Users may ring without limit here, unlike in AWS; a ring_rate in CARILLON_SETTINGS sets one.`;

const phonesOf = (url: string): string => `${url}/console/phones`;

/** Opens an address in the browser of whoever is at this machine, if there is one. */
function openInBrowser(address: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .once('error', () => undefined)
    .unref();
}

function howTo({ url, settings: { stageVariables, refusedWebhooks } }: Stack): string {
  const liberties = [
    ...(stageVariables['OPEN_MINT'] === 'true' ? [OPEN] : []),
    ...(stageVariables['RING_RATE'] === 'off' ? [UNLIMITED] : []),
    ...refusedWebhooks,
  ];
  return `
Open ${url} for links, ${phonesOf(url)} to play a call, or try:

  A token    curl -s ${url}/v1/api/callStreams -H 'content-type: application/json' -d '{"userId":"alice"}'
  A call     npm run ring -- --to bob --url ${url}
  Pushes     curl -s ${url}/_local/pushes

${[...liberties, 'The port answers on 127.0.0.1 only.'].join('\n')}
Ctrl-C stops the stack.
`;
}

const unknown = process.argv.slice(2).filter((argument) => argument !== '--json' && argument !== '--phones');
if (unknown.length > 0) {
  console.error(USAGE);
  process.exit(unknown.includes('--help') ? 0 : 2);
}
const isJson = process.argv.includes('--json');

let stack: Stack | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    // A stack that is still starting has taken no calls, and its children end with this process.
    await stack?.stop();
    process.exit(0);
  });
}

try {
  console.log('Starting Carillon on this machine …');
  // Imported late, since the line above should not wait for it.
  const { startStack } = await import('./stack.ts');
  const env = { ...process.env, ...(isJson && { CARILLON_LOG: 'json' }) };
  stack = await startStack({ env, progress: (line) => console.log(line) });
  console.log(`carillon ready on ${stack.url}`);
  console.log(howTo(stack));
  if (process.argv.includes('--phones')) openInBrowser(phonesOf(stack.url));
} catch (error) {
  console.error(`carillon could not start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
