import type { Stack } from './stack.ts';

// The local stack on the command line: it starts, says how to use it, and stops on Ctrl-C.

const USAGE = `usage: npm start [-- --json]

  --json   log every line as the functions write it, metrics included (the same as CARILLON_LOG=json)`;

const OPEN = `Anyone can get a token here: OPEN_MINT is on, as in no deployment.`;
const UNLIMITED = `Users ring as often as they like: in AWS, or with a ring_rate in CARILLON_SETTINGS, they do not.`;

function howTo({ url, settings: { stageVariables, refusedWebhooks } }: Stack): string {
  const liberties = [
    ...(stageVariables['OPEN_MINT'] === 'true' ? [OPEN] : []),
    ...(stageVariables['RING_RATE'] === 'off' ? [UNLIMITED] : []),
    ...refusedWebhooks,
  ];
  return `
Open ${url} for links, or try:

  A token    curl -s ${url}/v1/api/callStreams -H 'content-type: application/json' -d '{"userId":"alice"}'
  A call     npm run ring -- --to bob --url ${url}
  Pushes     curl -s ${url}/_local/pushes

${[...liberties, 'The port answers on 127.0.0.1 only.'].join('\n')}
Ctrl-C stops the stack.
`;
}

const unknown = process.argv.slice(2).filter((argument) => argument !== '--json');
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
} catch (error) {
  console.error(`carillon could not start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
