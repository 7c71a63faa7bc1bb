import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pool } from '#local/aws/lambda/pool.ts';
import { type Network, openEgress } from '#local/lab/network/egress.ts';
import { startTestHost, type TestHost } from './a-lambda-host.ts';

let host: TestHost;
let peer: Server;
beforeAll(async () => {
  host = await startTestHost();
  peer = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(peer, 'listening');
});
afterAll(async () => {
  await host.stop();
  peer.close();
});

interface Scene {
  readonly pool: Pool;
  /** The service's end of the function's connection. */
  readonly service: Socket;
  /** What the service has received. */
  readonly received: string[];
  /** Calls the function, and waits until it is frozen again. */
  act(name: string, more?: object): Promise<unknown>;
}

/** A frozen function that has talked to a service and was answered `welcome`. */
async function aFrozenFunction(network: Network): Promise<Scene> {
  const states = new EventEmitter();
  const { port } = peer.address() as AddressInfo;
  const pool = host.aFunction({
    async openEgress() {
      const egress = await openEgress({ PEER: `https://localhost:${port}` }, network);
      const freeze = (): void => {
        egress.freeze();
        states.emit('frozen');
      };
      return { ...egress, freeze };
    },
  });
  const act = async (name: string, more: object = {}): Promise<unknown> => {
    const frozen = once(states, 'frozen');
    const result = await pool.invoke({ act: name, ...more });
    await frozen;
    return result;
  };
  await pool.warm();
  const accepted = once(peer, 'connection');
  const dialled = act('dial');
  const [service] = (await accepted) as [Socket];
  const received: string[] = [];
  service.on('data', (data) => received.push(String(data)));
  service.once('data', () => service.write('welcome'));
  service.on('end', () => received.push('END'));
  service.on('error', ({ message }) => received.push(message));
  await dialled;
  expect(received).toEqual(['hello']);
  expect(await act('heard')).toEqual(['welcome']);
  return { pool, service, received, act };
}

describe('the connection of a frozen function', () => {
  it('holds back data, which can be read as soon as the next event', async () => {
    const { service, act } = await aFrozenFunction({ dropFrozenAfterMs: undefined });
    service.write('while you slept');
    await sleep(50);
    expect(await act('heard')).toEqual(['while you slept']);
  });

  it('also holds back an end, which follows the data before it', async () => {
    const { service, act } = await aFrozenFunction({ dropFrozenAfterMs: undefined });
    service.end('farewell');
    await sleep(50);
    // The end of a stream is read separately, one turn of the event loop after the data before it.
    expect([await act('heard'), await act('heard')].flat()).toEqual(['farewell', 'END']);
  });

  it('holds back a reset', async () => {
    const { service, act } = await aFrozenFunction({ dropFrozenAfterMs: undefined });
    service.resetAndDestroy();
    await sleep(50);
    expect(await act('heard')).toEqual(['ECONNRESET']);
  });

  it('goes on afterwards in both directions', async () => {
    const { service, received, act } = await aFrozenFunction({ dropFrozenAfterMs: 60_000 });
    const told = once(service, 'data');
    await act('say', { text: 'still here' });
    await told;
    expect(received).toEqual(['hello', 'still here']);
  });

  it('is forgotten after too long: nothing passes any more, and neither end is told', async () => {
    const network: Network = { dropFrozenAfterMs: undefined };
    const { service, received, act } = await aFrozenFunction(network);
    network.dropFrozenAfterMs = 20;
    service.write('never heard');
    await sleep(50);
    await act('say', { text: 'is anybody there?' });
    service.end();
    await sleep(50);
    expect([await act('heard'), await act('heard')].flat()).toEqual([]);
    expect(received).toEqual(['hello']);
  });

  it('is not forgotten after a short while', async () => {
    const { service, act } = await aFrozenFunction({ dropFrozenAfterMs: 60_000 });
    service.write('soon enough');
    await sleep(50);
    expect(await act('heard')).toEqual(['soon enough']);
  });
});
