import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restartFunctions } from '../support/operator.ts';
import { people, rest } from '../support/people.ts';
import { type Coturn, startCoturn } from '../support/turn/coturn.ts';
import { type Gate, openGate } from '../support/turn/gate.ts';
import { hearsAndSees, open, talking } from './pages.ts';

// Media through a relay alone, with the credentials that the deployment gives out.

const SECRET = 'the-shared-secret-of-the-relay';
const RELAY = { iceTransportPolicy: 'relay' } as const;

let coturn: Coturn;
let gate: Gate;

beforeAll(async () => {
  coturn = await startCoturn([SECRET]);
  gate = await openGate(Number(/:(\d+)\?/.exec(coturn.url)?.[1]));
  await deploy({ urls: [`turn:127.0.0.1:${gate.port}?transport=udp`], secrets: [SECRET] });
});
afterAll(async () => {
  await deploy({});
  gate.close();
  await coturn.stop();
});

async function deploy(body: object): Promise<void> {
  expect((await rest().request('PUT', '/_local/secrets/Turn', { body })).status).toBe(200);
  await restartFunctions();
}

describe('two pages with nothing but a relay between them', () => {
  it('hear and see each other, and again by themselves when the network of both has gone', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await talking(hers, his, bob, RELAY);
    expect((await hers.do('stats'))[0]?.pair).toMatchObject({ local: 'relay', remote: 'relay' });
    gate.loseAll();
    const before = (await hers.do('received')).frames;
    await expect
      .poll(async () => (await hers.do('look')).descriptions[0]?.includes('generation 1'), {
        timeout: 60_000,
        interval: 250,
      })
      .toBe(true);
    await Promise.all([hearsAndSees(hers), hearsAndSees(his)]);
    expect((await hers.do('received')).frames).toBeGreaterThan(before);
    expect(await hers.do('look')).toMatchObject({ connections: 1, open: 1, ended: [] });
  });

  it('renew the credentials before those expire after an hour, and go on', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await hers.page.clock.install();
    await talking(hers, his, bob, RELAY);
    const path = async () => /^a=ice-ufrag:.*$/m.exec((await hers.do('look')).descriptions[0] ?? '')?.[0];
    const before = await path();
    await hers.page.clock.fastForward('45:00');
    await expect.poll(path, { timeout: 60_000, interval: 250 }).not.toBe(before);
    await Promise.all([hearsAndSees(hers), hearsAndSees(his)]);
    expect(await hers.do('look')).toMatchObject({ connections: 1, open: 1, ended: [], errors: [] });
  });
});
