import { fileURLToPath } from 'node:url';

const runtimeClient = fileURLToPath(import.meta.resolve('aws-lambda-ric'));
const rapidClient = fileURLToPath(new URL('rapid-client.cjs', import.meta.url));

/** The arguments with which Node runs a function: AWS's own runtime client, with the options that Lambda gives it. */
export const runtimeArguments = (memoryMb: number): string[] => [
  ...nodeOptions(memoryMb),
  '--require',
  rapidClient,
  runtimeClient,
];

/**
 * As `/var/runtime/bootstrap` of `nodejs24.x` has them: a tenth of the memory is not old space. Half of that is the new space,
 * three semi-spaces, and the rest is left for buffers. A function of 1024 MB is seen to have 17 and 922. Since Node 24 Lambda
 * switches off no experimental feature any more.
 * @see https://dev.to/wonderfulsoap/deep-dive-into-aws-lambda-3-official-nodejs-runtime-analysis-43je
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
function nodeOptions(memoryMb: number): string[] {
  const kept = Math.floor(memoryMb / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(kept / 6)}`,
    `--max-old-space-size=${memoryMb - kept}`,
  ];
}
