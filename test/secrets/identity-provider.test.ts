import { expect, inject, it } from 'vitest';
import { eventually, rest, unique } from '../support/people.ts';

// The local stack's identity provider changes its keys and fails: other tests must not meet that.

const issuer = (path: string, body: object) => rest().request('POST', `/_local/issuer/${path}`, { body });

const idpToken = async (): Promise<string> => (await issuer('tokens', { claims: { sub: unique('ida') } })).body.token;

const isLetIn = async (token: string): Promise<boolean> =>
  (await rest().request('GET', '/api/v2/devices', { token })).status === 200;

const keys = () => fetch(`${inject('stackUrl')}/_local/issuer/jwks`);

it('rotates: the functions find the new keys by themselves', async () => {
  const before = await idpToken();
  await eventually(() => isLetIn(before), 'the first key to be known');
  const published = await keys().then((response) => response.text());
  expect(await issuer('rotate', {})).toMatchObject({ status: 200 });
  expect(await keys().then((response) => response.text())).not.toBe(published);
  const after = await idpToken();
  // A function asks for an unknown key every half minute.
  await eventually(() => isLetIn(after), 'the new key to be found', 90_000);
});

it('fails as often as it is told to, and is itself again', async () => {
  await issuer('faults', { status: 503, count: 2 });
  expect([(await keys()).status, (await keys()).status, (await keys()).status]).toEqual([503, 503, 200]);
  await issuer('faults', { delay_ms: 300, count: 1 });
  const before = performance.now();
  expect((await keys()).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThan(290);
});
