import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  aWebSocketGateway,
  type Behaviour,
  type Gateway,
  opened,
  refusal,
  type SocketEvent,
} from './a-websocket-gateway.ts';

let gateway: Gateway;

const start = async (behaviour: Behaviour) => {
  gateway = await aWebSocketGateway(behaviour);
  return gateway;
};
afterEach(() => gateway.stop());

const ok = () => ({ statusCode: 200 });
const post = (id: string, text: string) =>
  gateway.management.send(new PostToConnectionCommand({ ConnectionId: id, Data: Buffer.from(text) }));

const policy = (Effect: 'Allow' | 'Deny') => (event: SocketEvent) => ({
  principalId: 'alice',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: event.methodArn }],
  },
  context: { user_id: 'alice', admin: true, level: 3 },
});

describe('a handshake', () => {
  it.each<[string, Behaviour['authorizer'], number]>([
    ['without a good token', () => Promise.reject(new Error('Unauthorized')), 401],
    ['of someone who is not let in', policy('Deny'), 403],
    ['whose authorizer breaks', () => Promise.reject(new Error('oops')), 500],
    ['whose authorizer answers nonsense', () => ({ isAuthorized: true }), 500],
  ])('%s is refused', async (_, authorizer, status) => {
    await start({ routes: { $connect: ok }, ...(authorizer && { authorizer }) });
    expect(await refusal(gateway.dial())).toBe(status);
  });

  it('is refused without asking the authorizer if an identity source is missing', async () => {
    const authorizer = vi.fn(policy('Allow'));
    await start({ routes: { $connect: ok }, authorizer, identitySource: ['route.request.header.Authorization'] });
    expect(await refusal(gateway.dial('/ws?token=t'))).toBe(401);
    expect(authorizer).not.toHaveBeenCalled();
  });

  it('is refused with the status of $connect, or with 403 at any path but that of the stage', async () => {
    await start({ routes: { $connect: () => ({ statusCode: 409 }) } });
    expect(await refusal(gateway.dial())).toBe(409);
    expect(await refusal(gateway.dial('/elsewhere'))).toBe(403);
  });

  it('shows query and headers to $connect only, and the authorizer context to everyone', async () => {
    const seen: SocketEvent[] = [];
    const see = (event: SocketEvent) => {
      seen.push(event);
      return { statusCode: 200, headers: { 'sec-websocket-protocol': 'carillon' } };
    };
    await start({ routes: { $connect: see, $default: see, $disconnect: see }, authorizer: policy('Allow') });
    const { socket } = await opened(gateway.dial('/ws?token=t&hardware_id=h', ['carillon']));
    expect(seen[0]).toMatchObject({
      headers: { 'Sec-WebSocket-Protocol': 'carillon', 'Sec-WebSocket-Key': expect.any(String) },
      queryStringParameters: { token: 't', hardware_id: 'h' },
      requestContext: { routeKey: '$connect', eventType: 'CONNECT', stage: 'ws', connectedAt: expect.any(Number) },
    });
    socket.send('hello');
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen[1]).not.toHaveProperty('headers');
    expect(seen[1]).not.toHaveProperty('queryStringParameters');
    expect(seen[1]).toMatchObject({
      body: 'hello',
      requestContext: { eventType: 'MESSAGE', messageId: expect.any(String) },
    });
    socket.close(4001, 'bye');
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    const authorizer = { principalId: 'alice', user_id: 'alice', admin: 'true', level: '3' };
    expect(seen[2]).toMatchObject({
      requestContext: { eventType: 'DISCONNECT', disconnectStatusCode: 4001, disconnectReason: 'bye', authorizer },
    });
    expect(seen[2]?.requestContext.connectionId).toBe(seen[0]?.requestContext.connectionId);
    expect(seen[2]).not.toHaveProperty('queryStringParameters');
  });

  it('agrees on the subprotocol that $connect names', async () => {
    await start({
      routes: { $connect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'carillon' } }) },
    });
    const { socket } = await opened(gateway.dial('/ws', ['carillon', 'bearer.jwt']));
    expect(socket.protocol).toBe('carillon');
  });

  it('leaves the connection unreachable until it is answered', async () => {
    const during = Promise.withResolvers<unknown>();
    const connect = async ({ requestContext }: SocketEvent) => {
      during.resolve(await post(requestContext.connectionId, 'early').catch((error: Error) => error.name));
      return ok();
    };
    await start({ routes: { $connect: connect } });
    const { received } = await opened(gateway.dial());
    expect(await during.promise).toBe('GoneException');
    expect(received).toEqual([]);
  });
});

describe('a message', () => {
  it('is routed by its type, and to $default if no route has it', async () => {
    const went: string[] = [];
    const note = ({ requestContext }: SocketEvent) => void went.push(requestContext.routeKey);
    await start({ routes: { 'call.ring': note, $default: note, $connect: ok } });
    const { socket } = await opened(gateway.dial());
    for (const text of ['{"type":"call.ring"}', 'not json', '{}', '{"type":"$connect"}', '{"type":7}', '[]'])
      socket.send(text);
    await vi.waitFor(() => expect(went).toHaveLength(6));
    expect(went.toSorted()).toEqual(['$default', '$default', '$default', '$default', '$default', 'call.ring']);
  });

  it('is answered with what its handler returns only if the route has a response', async () => {
    const answer = () => ({ statusCode: 200, body: 'from the handler' });
    await start({ routes: { $default: answer, respond: answer } });
    const { socket, received } = await opened(gateway.dial());
    socket.send('{"type":"other"}');
    socket.send('{"type":"respond"}');
    await vi.waitFor(() => expect(received).toEqual(['from the handler']));
  });

  it('is answered by the gateway itself on a mock route', async () => {
    await start({ routes: {} });
    const { socket, received } = await opened(gateway.dial());
    socket.send('{"type":"ping"}');
    await vi.waitFor(() => expect(received).toEqual(['{"type":"pong"}']));
  });

  it('is billed in both directions, and so is the connection', async () => {
    await start({ routes: { $connect: ok, hello: () => null } });
    const { socket, received } = await opened(gateway.dial());
    socket.send('{"type":"hello"}');
    socket.send('{"type":"ping"}');
    await vi.waitFor(() => expect(received).toHaveLength(1));
    expect(gateway.meter.report()).toMatchObject({ messages_in: 2, messages_out: 1, connections: 1 });
    socket.send('{"type":"unknown"}');
    await vi.waitFor(() => expect(received).toHaveLength(2));
    expect(gateway.meter.report()).toMatchObject({ messages_in: 3, messages_out: 2 });
  });

  it('whose handler fails is answered with an error, and the connection stays open', async () => {
    await start({ routes: { bad: () => Promise.reject(new Error('a secret')) } });
    const { socket, received } = await opened(gateway.dial());
    socket.send('{"type":"bad"}');
    socket.send('{"type":"nobody"}');
    await vi.waitFor(() => expect(received).toHaveLength(2));
    const frames = received.map((text) => JSON.parse(text)).toSorted((a, b) => a.message.localeCompare(b.message));
    expect(frames).toEqual([
      { message: 'Forbidden', connectionId: expect.any(String), requestId: expect.any(String) },
      { message: 'Internal server error', connectionId: expect.any(String), requestId: expect.any(String) },
    ]);
    expect(socket.readyState).toBe(socket.OPEN);
  });

  it('does not wait for the one before it', async () => {
    let running = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++running);
      await sleep(50);
      running -= 1;
    };
    await start({ routes: { $default: slow } });
    const { socket } = await opened(gateway.dial());
    for (const text of ['1', '2', '3']) socket.send(text);
    await vi.waitFor(() => expect(most).toBe(3));
  });

  it.each<[string, (send: (data: string | Buffer, fin: boolean) => void) => void, number]>([
    ['binary', (send) => send(Buffer.from([1]), true), 1003],
    ['in a frame over 32 KiB', (send) => send('x'.repeat(32_769), true), 1009],
    [
      'over 128 KiB in small frames',
      (send) => {
        for (let n = 0; n < 5; n += 1) send('x'.repeat(32_000), n === 4);
      },
      1009,
    ],
  ])('that is %s closes the connection', async (_, act, code) => {
    const handler = vi.fn();
    await start({ routes: { $default: handler } });
    const { socket, closed } = await opened(gateway.dial());
    act((data, fin) => socket.send(data, { fin, binary: typeof data !== 'string' }));
    expect((await closed).code).toBe(code);
    expect(handler).not.toHaveBeenCalled();
  });

  it('of 128 KiB is fine in frames of 32 KiB', async () => {
    const lengths: number[] = [];
    await start({ routes: { $default: ({ body }) => void lengths.push(body?.length ?? 0) } });
    const { socket } = await opened(gateway.dial());
    for (let n = 0; n < 4; n += 1) socket.send('x'.repeat(32_768), { fin: n === 3 });
    await vi.waitFor(() => expect(lengths).toEqual([131_072]));
  });
});

describe('a connection', () => {
  const connectedId = async () => {
    const id = Promise.withResolvers<string>();
    const $connect = ({ requestContext }: SocketEvent) => id.resolve(requestContext.connectionId);
    await start({ routes: { $connect } });
    const client = await opened(gateway.dial());
    return { ...client, id: await id.promise };
  };

  it('can be sent to, looked up and closed by its id', async () => {
    const { id, received, closed } = await connectedId();
    expect(id).toMatch(/^[\w-]{15}=$/);
    await post(id, 'hello');
    await vi.waitFor(() => expect(received).toEqual(['hello']));
    const { ConnectedAt } = await gateway.management.send(new GetConnectionCommand({ ConnectionId: id }));
    expect(ConnectedAt).toBeInstanceOf(Date);
    await expect(post(id, 'x'.repeat(131_073))).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
    await gateway.management.send(new DeleteConnectionCommand({ ConnectionId: id }));
    expect(await closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    await expect(post(id, 'late')).rejects.toMatchObject({ name: 'GoneException', $metadata: { httpStatusCode: 410 } });
  });

  it('that never existed is gone, and an impossible id is malformed', async () => {
    await connectedId();
    await expect(post('R0oXAdfD0kwCH6w=', 'x')).rejects.toMatchObject({ name: 'GoneException' });
    const malformed = await fetch(`${gateway.internalUrl}/ws/@connections/nonsense`, { method: 'POST', body: 'x' });
    expect(malformed.status).toBe(400);
  });

  it('is closed when it has been idle or open for too long', async () => {
    await start({ routes: { $default: ok }, lifetimes: { idleMs: 100, lifeMs: 1000 } });
    const idle = await opened(gateway.dial());
    const busy = await opened(gateway.dial());
    const chatter = setInterval(() => busy.socket.send('x'), 10);
    const closes = [idle, busy].map(async ({ closed }, i) => ({ i, code: (await closed).code }));
    expect(await Promise.race(closes)).toEqual({ i: 0, code: 1001 });
    expect(await closes[1]).toEqual({ i: 1, code: 1001 });
    clearInterval(chatter);
  });
});
