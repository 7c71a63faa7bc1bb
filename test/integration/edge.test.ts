import { once } from 'node:events';
import { request } from 'node:http';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { tokenWith, unique } from '../support/people.ts';

const REST = 'restapi.execute-api.us-east-1.amazonaws.com';
/** The WebSocket APIs by their hosts, and a path there that would be let in with a good token. */
const SOCKETS = [
  ['websocketapi.execute-api.us-east-1.amazonaws.com', '/ws?'],
  ['socketioapi.execute-api.us-east-1.amazonaws.com', '/socketio?EIO=4&transport=websocket&path=socket.io'],
] as const;
const forged = { 'x-carillon-edge': 'x'.repeat(48) };

/** Asks the port for a path under a host name; `fetch` would not send that. */
async function asked(host: string | undefined, path: string, headers: object = {}) {
  const url = new URL(path, inject('stackUrl'));
  const sent = request(url, { headers: { ...headers, ...(host !== undefined && { host }) } }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

/** Opens a WebSocket under a host name: the status of its refusal, or 101. */
async function dialled(host: string | undefined, path: string, headers: object = {}): Promise<number> {
  const url = inject('stackUrl').replace('http', 'ws') + path;
  const socket = new WebSocket(url, { headers: { ...headers, ...(host !== undefined && { host }) } });
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => response.statusCode),
  ]);
  socket.on('error', () => undefined).terminate();
  return status;
}

describe('the one address', () => {
  it('serves REST and the WebSocket, with headers that make a browser careful', async () => {
    const { status, headers } = await asked(undefined, '/health');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(await dialled(undefined, `/ws?token=${await tokenWith({ user_id: unique('edna') })}`)).toBe(101);
  });

  it('is not impressed by a secret that a client makes up', async () => {
    expect((await asked(undefined, '/health', forged)).status).toBe(200);
  });
});

describe('the APIs’ own hosts', () => {
  it.each([{}, forged])('refuse strangers with 403 over REST, whatever they ask for (%j)', async (headers) => {
    const authorization = `Bearer ${await tokenWith({ user_id: unique('mallory') })}`;
    for (const path of ['/health', '/api/v2/devices', '/nothing']) {
      const { status, body } = await asked(REST, path, { ...headers, authorization });
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ code: 'not_allowed' });
    }
  });

  it.each(SOCKETS)('refuse strangers with 403 at the WebSocket API %s, also with a good token', async (host, path) => {
    const token = await tokenWith({ user_id: unique('mallory') });
    for (const headers of [{}, forged]) {
      expect(await dialled(host, `${path}&token=${token}`, headers)).toBe(403);
      expect(await dialled(host, path, headers)).toBe(403);
    }
  });
});
