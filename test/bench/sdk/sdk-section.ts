import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { ROUNDS, type SdkResult } from './measure-sdk.ts';
import { STEPS } from './steps.ts';

/** Milliseconds, and beside them the ratio to the SDK as it is. */
export function sdkTable(results: readonly SdkResult[]): string {
  const asItIs = results[0]?.cpu_ms ?? [];
  return markdownTable(
    ['way', ...STEPS.map(({ name }) => name)],
    results.map(({ way, cpu_ms }) => [
      way,
      ...cpu_ms.map((ms, step) => `${ms.toFixed(2)} (${(ms / (asItIs[step] ?? Number.NaN)).toFixed(2)})`),
    ]),
  );
}

/** The part of the page. */
export const sdkSection = (results: readonly SdkResult[], now: Date): string => `## Processor time of the SDK

${madeBy('npm run bench -- --only sdk', ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'], now)}

The processor time of one request that reads a ringing call, in milliseconds, and its ratio to the SDK as it is. Medians of ${ROUNDS} processes each, which take turns; one process makes all requests of a row, so that it warms up from left to right. A lean request handler sends head and body in one write, and has no time-outs; the idle middlewares log, name the SDK and look for functions that call each other in a circle.

${sdkTable(results)}

The functions leave out the idle middlewares. They keep the other two: the plain client brings nothing, and a request handler of our own too little for what it would have to repeat. A ring asks the table some twenty times, so even bare requests would save it no more than 10 ms.
`;
