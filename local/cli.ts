import { type Stack, startStack } from './stack.ts';

// The local stack from the command line: starts, says how to call it, and stops on Ctrl-C.

function howTo(url: string): string {
  const ws = url.replace('http', 'ws');
  return `
Anyone may mint a token here (OPEN_MINT is on; it is off in every deployment). This port answers on 127.0.0.1 only.

  A token    curl -s ${url}/v1/api/callStreams -H 'content-type: application/json' -d '{"userId":"alice"}'
  A socket   npx wscat -c '${ws}/ws?token=<token>'
  Pushes     curl -s '${url}/_local/pushes?token=<push token of a device>'

Ctrl-C stops it.`;
}

let stack: Stack | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    // One that is still starting has taken no call yet: what it has begun ends with this process.
    await stack?.stop();
    process.exit(0);
  });
}

try {
  stack = await startStack();
  console.log(`carillon ready on ${stack.url}`);
  console.log(howTo(stack.url));
} catch (error) {
  console.error(`carillon could not start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
