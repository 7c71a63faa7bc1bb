import { appendFileSync } from 'node:fs';

// Handlers for the tests of the Lambda runtime, loaded by real function processes.

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let calls = 0;

export const handler = async ({ act, ...event }, context) => {
  calls += 1;
  const acts = {
    echo: () => ({ event, calls, pid: process.pid, request: context.awsRequestId }),
    environment: () => process.env,
    slow: async () => {
      await sleep(600);
      return { pid: process.pid };
    },
    hang: () => sleep(60_000),
    crash: () => process.exit(3),
    throw: () => Promise.reject(new TypeError('wrong')),
    log: () => console.log('a line', 'of the handler'),
    // Leaves something behind that would go on, were the process not frozen.
    tick: () => void setInterval(() => appendFileSync(event.file, '.'), 10),
  };
  return await acts[act]();
};
