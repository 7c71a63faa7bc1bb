'use strict';

// Stands in for `rapid-client.node`, the part of AWS's runtime client that is written in C++ and must be compiled: it takes
// events from the runtime API, and answers them. The process of a function loads it first.
//
// It is no TypeScript because every cold start would pay for stripping its types, and required instead of imported, as
// Lambda's own is: an import would also load the browser APIs behind `node:http`.

const { Agent, request } = require('node:http');
const { registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');

const hooks = registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== './rapid-client.node') return next(specifier, context);
    // The function's own modules are loaded without hooks, as in Lambda.
    hooks.deregister();
    return { url: pathToFileURL(__filename).href, format: 'commonjs', shortCircuit: true };
  },
});

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const invocations = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

const call = (method, path, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const outgoing = request(`${invocations}/${path}`, { method, agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ bodyJson: Buffer.concat(chunks).toString(), headers: response.headers }));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });

/** The answer that is on its way. The original returns only when it has arrived. */
let answered = Promise.resolve();

/** Waits for the next event. */
exports.next = async () => {
  await answered;
  return await call('GET', 'next');
};

/** Answers an event with what the handler returned. */
exports.done = (id, body) => {
  answered = call('POST', `${id}/response`, body);
};

/** Answers an event with what the handler threw. */
exports.error = (id, body, cause) => {
  answered = call('POST', `${id}/error`, body, { 'lambda-runtime-function-xray-error-cause': cause });
};
