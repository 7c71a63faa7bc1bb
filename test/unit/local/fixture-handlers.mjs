import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';

// Handlers for the tests of the Lambda runtime, loaded by real function processes.

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let calls = 0;
/** A connection to the outside, and what came over it. */
let socket;
const heard = [];

export const handler = async ({ act, ...event }, context) => {
  calls += 1;
  const acts = {
    echo: () => ({ event, calls, pid: process.pid, request: context.awsRequestId }),
    environment: () => process.env,
    options: () => process.execArgv,
    slow: async () => {
      await sleep(600);
      return { pid: process.pid };
    },
    hang: () => sleep(60_000),
    crash: () => process.exit(3),
    throw: () => Promise.reject(new TypeError('wrong')),
    log: () => console.log('a line', 'of the handler'),
    debug: () => console.debug('nobody reads this'),
    write: () => void process.stdout.write('a line of its own\n'),
    dial: async () => {
      socket = connect(Number(new URL(process.env.PEER).port), '127.0.0.1');
      socket.on('data', (data) => heard.push(String(data)));
      socket.on('end', () => heard.push('END'));
      socket.on('error', ({ code }) => heard.push(code));
      await once(socket, 'connect');
      socket.write('hello');
      await once(socket, 'data');
    },
    say: () => void socket.write(event.text),
    // A turn of the event loop, in which what has arrived is read.
    heard: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return heard.splice(0);
    },
    // Leaves something behind that would go on, were the process not frozen.
    tick: () => void setInterval(() => appendFileSync(event.file, '.'), 10),
  };
  return await acts[act]();
};
