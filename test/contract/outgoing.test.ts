import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { guardedRequests } from '#adapters/outgoing/guarded-requests.ts';
import type { OutgoingRequest } from '#ports/outgoing.ts';
import { trusted } from '../support/push/a-service.ts';

// Requests to addresses that somebody else has chosen, against a real server.

const opened: { close(): unknown; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on this machine, and what was asked of it. */
async function server(answer: RequestListener) {
  const { keyPem, certificatePem } = await trusted();
  const asked: string[] = [];
  const started = createServer({ key: keyPem, cert: certificatePem }, (request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  opened.push(started);
  await once(started.listen(0, '127.0.0.1'), 'listening');
  return { port: Object(started.address()).port, asked };
}

const outside = guardedRequests([]);
const inside = guardedRequests(['127.0.0.0/8', '::1/128']);

const get = (url: string, extra: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url,
  timeoutMs: 5000,
  maxBytes: 1000,
  ...extra,
});

describe('a request', () => {
  it('is sent as it is, and its answer comes back whole', async () => {
    const { port } = await server(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.writeHead(201, { 'x-kind': String(request.headers['x-kind']) }).end(Buffer.concat(chunks));
    });
    const request = { method: 'POST', headers: { 'x-kind': 'test' }, body: 'größer' } as const;
    const { status, headers, body } = await inside.send(get(`https://localhost:${port}/a?b=c`, request));
    expect({ status, kind: headers['x-kind'], body }).toEqual({ status: 201, kind: 'test', body: 'größer' });
  });

  it('follows no redirect', async () => {
    const { port, asked } = await server((_, response) => response.writeHead(307, { location: '/other' }).end());
    expect(await inside.send(get(`https://localhost:${port}/`))).toMatchObject({ status: 307 });
    expect(asked).toEqual(['/']);
  });

  it.each([
    'https://localhost:PORT/',
    'https://127.0.0.1:PORT/',
    'https://[::1]:PORT/',
    'https://[::ffff:127.0.0.1]:PORT/',
    'https://2130706433:PORT/',
    'https://0x7f.1:PORT/',
    'https://169.254.169.254/latest/meta-data/',
  ])('to %s is not made from where that network may not be reached', async (url) => {
    const { port, asked } = await server((_, response) => response.end());
    await expect(outside.send(get(url.replace('PORT', port)))).rejects.toMatchObject({ fault: 'private_address' });
    expect(asked).toEqual([]);
  });

  it.each(['http://localhost/', 'ftp://localhost/', 'file:///etc/passwd'])('to %s is not made', async (url) => {
    await expect(inside.send(get(url))).rejects.toMatchObject({ fault: 'not_https' });
    await expect(outside.send(get(url, { plainOnPrivate: true }))).rejects.toMatchObject({
      fault: url.startsWith('http:') ? 'private_address' : 'not_https',
    });
  });

  it('by http to the public internet is not made', async () => {
    await expect(inside.send(get('http://1.1.1.1/', { plainOnPrivate: true }))).rejects.toMatchObject({
      fault: 'private_address',
    });
  });

  it('whose answer is too long, too slow or cut fails', async () => {
    const long = await server((_, response) => response.end('x'.repeat(1001)));
    await expect(inside.send(get(`https://localhost:${long.port}/`))).rejects.toMatchObject({ fault: 'too_large' });
    const silent = await server(() => undefined);
    await expect(inside.send(get(`https://localhost:${silent.port}/`, { timeoutMs: 100 }))).rejects.toMatchObject({
      fault: 'timed_out',
    });
    const half = await server((_, response) => void response.write('half'));
    await expect(inside.send(get(`https://localhost:${half.port}/`, { timeoutMs: 300 }))).rejects.toMatchObject({
      fault: 'timed_out',
    });
    const cut = await server((_, response) => void response.write('x', () => response.destroy()));
    await expect(inside.send(get(`https://localhost:${cut.port}/`))).rejects.toMatchObject({ fault: 'unreachable' });
  });

  it('of which only the status counts does not wait for the rest of the answer', async () => {
    const endless = await server((_, response) => void response.writeHead(202).write('x'.repeat(100_000)));
    const request = get(`https://localhost:${endless.port}/`, { maxBytes: 'status alone' });
    expect(await inside.send(request)).toMatchObject({ status: 202, body: '' });
  });

  it('to a server with another name in its certificate fails', async () => {
    const { port, asked } = await server((_, response) => response.end());
    await expect(inside.send(get(`https://127.0.0.2:${port}/`))).rejects.toMatchObject({ fault: 'unreachable' });
    expect(asked).toEqual([]);
  });

  it('that fails names no path and no query', async () => {
    const failed = await inside.send(get('https://localhost:1/secret?token=abc')).catch(String);
    expect(failed).not.toMatch(/secret|abc/);
  });
});
