import { createServer, request, type Server } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpApi } from '#local/aws/gateway/http-api.ts';
import { sendAnswer } from '#local/aws/gateway/http-host.ts';
import { listen } from '#local/aws/listen.ts';
import { openUsage } from '#local/lab/metering/usage.ts';

const handlers: Record<string, (event: APIGatewayProxyEventV2) => unknown> = {
  '/echo': (event) => ({ statusCode: 200, body: JSON.stringify(event) }),
  '/bare': () => ({ hello: 'world' }),
  '/cookies': () => ({ statusCode: 201, cookies: ['a=1', 'b=2'], headers: { 'X-Mine': 'yes' } }),
  '/binary': () => ({ statusCode: 200, body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true }),
  '/throws': () => {
    throw new Error('a secret');
  },
  '/broken': () => ({ statusCode: 200, body: { not: 'a string' } }),
  '/slow': () => new Promise((resolve) => setTimeout(resolve, 500)),
};

const cors = {
  AllowOrigins: ['https://app.example'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['authorization'],
  ExposeHeaders: [],
  AllowCredentials: false,
  MaxAge: 600,
};

const usage = openUsage(false);
let server: Server;
let url: string;

beforeAll(async () => {
  const target = {
    name: 'Http',
    invoke: async (event: unknown) => {
      const request = event as APIGatewayProxyEventV2;
      return await handlers[request.rawPath]?.(request);
    },
  };
  const domainName = 'rest.execute-api.us-east-1.amazonaws.com';
  const api = httpApi(
    {
      apiId: 'rest',
      domainName,
      cors,
      routes: [{ key: '$default', rank: 0, method: undefined, path: /^/, target, timeoutMs: 200 }],
    },
    usage,
  );
  server = createServer(async (sent, response) => sendAnswer(response, await api(sent)));
  url = await listen(server, 0);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const echoed = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${url}/echo${path}`, init);
  return (await response.json()) as APIGatewayProxyEventV2;
};

describe('the HTTP API', () => {
  it('passes a request on in payload format 2.0', async () => {
    const event = await echoed('?a=1&a=2&b=%C3%A4', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: 'x=1; y=2', Authorization: 'Bearer t' },
      body: '{"ä":1}',
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/echo',
      rawQueryString: 'a=1&a=2&b=%C3%A4',
      queryStringParameters: { a: '1,2', b: 'ä' },
      cookies: ['x=1', 'y=2'],
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST', path: '/echo' }, stage: '$default', routeKey: '$default' },
      body: '{"ä":1}',
      isBase64Encoded: false,
    });
  });

  it('encodes a body that is not text', async () => {
    const form = await echoed('', { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
    expect(form).toMatchObject({ body: Buffer.from('a=b').toString('base64'), isBase64Encoded: true });
    expect(await echoed('')).not.toHaveProperty('body');
  });

  it('answers 200 for a result without a status', async () => {
    const response = await fetch(`${url}/bare`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ hello: 'world' });
  });

  it('passes status, headers, cookies and binary bodies on', async () => {
    const response = await fetch(`${url}/cookies`);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-mine')).toBe('yes');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(new Uint8Array(await (await fetch(`${url}/binary`)).arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  it.each([
    ['/throws', 500, 'Internal Server Error'],
    ['/broken', 500, 'Internal Server Error'],
    ['/slow', 503, 'Service Unavailable'],
  ])('answers for a function that fails: %s', async (path, status, message) => {
    const response = await fetch(url + path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
  });

  it('refuses more than 10 MB', async () => {
    const status = await new Promise((resolve, reject) => {
      const upload = request(`${url}/echo`, { method: 'POST' }, (response) => resolve(response.statusCode));
      upload.on('error', reject);
      upload.end(Buffer.alloc(10 * 1024 * 1024 + 1));
    });
    expect(status).toBe(413);
  });

  it('answers preflight requests itself', async () => {
    const ask = (origin: string) =>
      fetch(`${url}/throws`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await ask('https://app.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(allowed.headers.get('access-control-max-age')).toBe('600');
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is billed for every request, by the larger of request and answer', async () => {
    usage.reset();
    await echoed('');
    await fetch(`${url}/echo`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(usage.report().http).toEqual({ requests: 2 });
    await echoed('', { method: 'POST', body: 'x'.repeat(600_000) });
    expect(usage.report().http).toEqual({ requests: 4 });
  });

  it('lets an allowed origin read errors, too', async () => {
    const response = await fetch(`${url}/throws`, { headers: { origin: 'https://app.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example');
  });
});
