import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { openSocket, type Socket } from '../../support/raw-client.ts';

let server: WebSocketServer;
let socket: Socket;

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (client) =>
    client.on('message', (data) => {
      const { answer, ...frame } = JSON.parse(String(data));
      client.send(JSON.stringify({ type: 'noise', id: frame.id }));
      client.send(JSON.stringify({ type: answer, id: frame.id }));
    }),
  );
  socket = await openSocket(`http://127.0.0.1:${Object(server.address()).port}`);
});
afterEach(async () => {
  await socket.close();
  server.close();
});

const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

describe('a socket that asks', () => {
  it.each(['response', 'error'])('takes the %s to its own frame and leaves no timer behind', async (answer) => {
    const before = timers();
    const [first, second] = await Promise.all([socket.ask({ answer }), socket.ask({ answer })]);
    expect([first.type, second.type]).toEqual([answer, answer]);
    expect(first['id']).not.toBe(second['id']);
    // One that was there before may be gone by now.
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('leaves every other frame to whoever waits for it', async () => {
    const { id } = await socket.ask({ answer: 'response' });
    expect(await socket.next('noise')).toEqual({ type: 'noise', id });
  });
});
