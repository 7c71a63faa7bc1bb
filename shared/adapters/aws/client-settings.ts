import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SECOND_MS } from '#domain/time.ts';

/** How long AWS may take to accept a connection. */
const CONNECT_MS = 500;
/** How long AWS may take to answer a request. An answer usually takes milliseconds. */
const ANSWER_MS = 1.5 * SECOND_MS;
/** A call of a hundred has more members than the SDK opens sockets, and none of them should wait for another one's answer. */
const SOCKETS = { maxSockets: 200 };

/** How often a request is sent before it has failed. */
const ATTEMPTS = 3;
/** The longest wait before the second attempt; before the third it is twice as long. After a throttle, the SDK alone would wait up to five times as long, and a ring lasts only seconds. */
const BACKOFF_MS = 100;

/** How every client of an AWS service sends. Without these limits, the SDK waits for an answer for as long as the function may run. */
const requestHandler = /* @__PURE__ */ new NodeHttpHandler({
  connectionTimeout: CONNECT_MS,
  requestTimeout: ANSWER_MS,
  throwOnRequestTimeout: true,
  httpAgent: SOCKETS,
  httpsAgent: SOCKETS,
});

/** Settings of a client whose requests have to succeed. What fails in passing is tried again soon. */
export const insistent = () => ({
  requestHandler,
  retryStrategy: new ConfiguredRetryStrategy(ATTEMPTS, (attempt) => Math.random() * BACKOFF_MS * 2 ** (attempt - 1)),
});

/** Settings of a client that sends each request once, because whoever waits behind it would wait longer. */
export const impatient = () => ({ requestHandler, maxAttempts: 1 });
