import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedSecretIceServers } from '#adapters/turn/ice-servers.ts';
import { epochMs, HOUR_MS, later, SECOND_MS } from '#domain/time.ts';
import type { IceServer } from '#ports/ice-servers.ts';
import { restartFunctions } from '../support/operator.ts';
import { eventually, type Person, person, rest } from '../support/people.ts';
import { type Coturn, startCoturn } from '../support/turn/coturn.ts';
import { allocate, type Relay, type TurnServer } from '../support/turn/turn-client.ts';

// Credentials that the deployment gives out, tried on a real coturn.

const [OLD, NEW] = ['the-old-shared-secret', 'the-new-shared-secret'];

let coturn: Coturn;
let peer: UdpSocket;
let alice: Person;

beforeAll(async () => {
  coturn = await startCoturn([]);
  await coturn.learn(OLD);
  await deploy([OLD]);
  peer = createSocket('udp4').bind(0, '127.0.0.1');
  peer.on('message', (bytes, { port, address }) => peer.send(bytes, port, address));
  await once(peer, 'listening');
  alice = await person('org:alice');
});
afterAll(async () => {
  await deploy([]);
  peer.close();
  await coturn.stop();
});

/** Changes the secret as an operator does, and restarts the functions, whose caches would hide it for five minutes. */
async function deploy(secrets: string[]): Promise<void> {
  const body = secrets.length > 0 ? { urls: [coturn.url], secrets } : {};
  expect((await rest().request('PUT', '/_local/secrets/Turn', { body })).status).toBe(200);
  await restartFunctions();
}

const turnOf = (servers: readonly IceServer[]): TurnServer => {
  const found = servers.find((server): server is TurnServer => server.credential !== undefined);
  if (!found) throw new Error(`no TURN server among ${JSON.stringify(servers)}`);
  return found;
};

const freshCredential = async (): Promise<TurnServer> =>
  turnOf((await alice.get('/api/v2/ice_servers')).body.ice_servers);

/** A credential as the deployment would make it at another time or with another secret. */
async function credential({ ageMs = 0, secret = OLD }): Promise<TurnServer> {
  const made = sharedSecretIceServers({
    readTurnSecret: async () => JSON.stringify({ urls: [coturn.url], secrets: [secret] }),
    stunUrls: [],
    ttlMs: HOUR_MS,
    clock: () => later(epochMs(Date.now()), -ageMs),
    onFault: (error) => expect(error).toBeUndefined(),
  });
  return turnOf(await made(alice.id));
}

/** Sends a text through a relay to a peer that echoes it. */
async function echo(relay: Relay, text: string): Promise<string> {
  const { address: host, port } = peer.address();
  await relay.permit({ host, port });
  relay.send({ host, port }, text);
  return await relay.received();
}

async function relays(server: TurnServer): Promise<void> {
  const relay = await allocate(server);
  expect(await echo(relay, 'a packet')).toBe('a packet');
  relay.close();
}

describe('a TURN credential', () => {
  it('works as it comes from ice_servers', async () => {
    const askedAt = Date.now();
    const server = await freshCredential();
    const [expiry, ...user] = server.username.split(':');
    expect(user.join(':')).toBe(alice.id);
    expect(Number(expiry) * SECOND_MS).toBeGreaterThan(askedAt + HOUR_MS - SECOND_MS);
    expect(Number(expiry) * SECOND_MS).toBeLessThanOrEqual(Date.now() + HOUR_MS);
    await relays(server);
  });

  it('works as it comes with user.connected', async () => {
    const socket = await alice.connect();
    const hello = socket.frames.find(({ type }) => type === 'user.connected');
    await relays(turnOf(Object(hello)['ice_servers']));
    await socket.close();
  });

  it('is valid for one hour and no longer', async () => {
    await relays(await credential({ ageMs: HOUR_MS - 30 * SECOND_MS }));
    await expect(allocate(await credential({ ageMs: HOUR_MS + 2 * SECOND_MS }))).rejects.toMatchObject({ code: 401 });
  });

  it('leaves its relay to a call that lasts longer than it', async () => {
    // Time enough for a busy machine to allocate the relay.
    const server = await credential({ ageMs: HOUR_MS - 5 * SECOND_MS });
    const relay = await allocate(server);
    const isRefused = () =>
      allocate(server).then(
        (another) => {
          another.close();
          return false;
        },
        ({ code }) => code === 401,
      );
    await eventually(isRefused, 'the end of the credential');
    await relay.refresh();
    expect(await echo(relay, 'still there')).toBe('still there');
    relay.close();
  });

  it('is refused for another user or another hour, and if coturn does not know its secret', async () => {
    const good = await freshCredential();
    const [expiry = ''] = good.username.split(':');
    const forged = [
      { ...good, username: `${expiry}:mallory` },
      { ...good, username: `${Number(expiry) + 3600}:${alice.id}` },
      { ...good, username: expiry },
      await credential({ secret: 'a-secret-nobody-knows' }),
    ];
    for (const server of forged) await expect(allocate(server)).rejects.toMatchObject({ code: 401 });
  });
});

describe('the secret of a TURN server', () => {
  it('can be rotated without a refused credential or a lost relay', async () => {
    const before = await freshCredential();
    const relay = await allocate(before);

    await coturn.learn(NEW);
    await relays(before);
    await relays(await freshCredential());

    await deploy([NEW, OLD]);
    const after = await freshCredential();
    for (const server of [before, after]) await relays(server);

    await coturn.forget(OLD);
    await relays(after);
    await expect(allocate(before)).rejects.toMatchObject({ code: 401 });
    await relay.refresh();
    expect(await echo(relay, 'still there')).toBe('still there');
    relay.close();
  });

  it('may be one of several in the configuration file', async () => {
    const second = await startCoturn([OLD, NEW]);
    for (const secret of [OLD, NEW]) {
      await relays({ ...(await credential({ secret })), urls: [second.url] });
    }
    await second.stop();
  });
});
