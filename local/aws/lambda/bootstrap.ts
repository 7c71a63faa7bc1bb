import { existsSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The process of one function. It asks the runtime API for an event, calls the handler, answers and asks again, until the API is gone.

// Required as in Lambda's own runtime: an import would also load the browser APIs behind `node:http`, a third of a start's cost.
const { Agent, request } = process.getBuiltinModule('node:http');

type Handler = (event: unknown, context: object) => unknown;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const api = `http://${variable('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime`;

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function call(method: string, path: string, body?: string): Promise<{ headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${api}/${path}`, { method, agent }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

const failure = (error: unknown): string =>
  JSON.stringify(
    error instanceof Error
      ? { errorMessage: error.message, errorType: error.name, stackTrace: error.stack?.split('\n') }
      : { errorMessage: String(error), errorType: 'Error' },
  );

async function loadHandler(): Promise<Handler> {
  const name = variable('_HANDLER');
  const dot = name.lastIndexOf('.');
  const path = join(variable('LAMBDA_TASK_ROOT'), name.slice(0, dot));
  const file = ['.mjs', '.js', '.cjs'].map((ending) => path + ending).find((candidate) => existsSync(candidate));
  if (!file) throw new Error(`Cannot find module '${path}'`);
  const handler: unknown = (await import(pathToFileURL(file).href))[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(`${name} is undefined or not exported`);
  return (event, context) => handler(event, context);
}

function contextOf(headers: IncomingHttpHeaders): object {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function serveOne(handler: Handler): Promise<void> {
  const { headers, text } = await call('GET', 'invocation/next');
  const id = headers['lambda-runtime-aws-request-id'];
  process.env['_X_AMZN_TRACE_ID'] = String(headers['lambda-runtime-trace-id']);
  let path = `invocation/${id}/response`;
  let answer: string;
  try {
    answer = JSON.stringify((await handler(JSON.parse(text), contextOf(headers))) ?? null);
  } catch (error) {
    console.error(error);
    path = `invocation/${id}/error`;
    answer = failure(error);
  }
  await call('POST', path, answer);
}

const handler = await loadHandler().catch(async (error: unknown) => {
  await call('POST', 'init/error', failure(error));
  throw error;
});
for (;;) await serveOne(handler);
