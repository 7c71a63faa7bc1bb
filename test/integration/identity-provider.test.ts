import { describe, expect, inject, it } from 'vitest';
import { connectWith, keysOf, LONG_RING, onceKeysAreKnown, person, pushOf, rest, unique } from '../support/people.ts';

// Tokens of the identity provider that the local stack brings along, at every way in.

const issuer = (path: string, body: object) => rest().request('POST', `/_local/issuer/${path}`, { body });

const tokenOf = async (claims: object, extra: object = {}): Promise<string> =>
  (await issuer('tokens', { claims, ...extra })).body.token;

const ask = (token: string) => rest().request('GET', '/api/v2/devices', { token });

const devices = (token: string) => onceKeysAreKnown(() => ask(token));

const connected = (token: string) => onceKeysAreKnown(() => connectWith(token));

const mint = (userId: string, token: string) =>
  onceKeysAreKnown(() => rest().request('POST', '/v1/api/callStreams', { token, body: { userId } }));

describe('a token of the built-in identity provider', () => {
  it.each(['RS256', 'ES256', 'EdDSA'])('is a login over REST and on a socket: %s', async (alg) => {
    const id = unique('idp|user');
    const token = await tokenOf({ sub: id, name: 'Ida' }, { alg });
    expect(await devices(token)).toMatchObject({ status: 200, body: { devices: [] } });
    const socket = await connected(token);
    expect(await socket.next('user.connected')).toMatchObject({ user: { id, name: 'Ida' } });
    await socket.close();
  });

  it('shows the user’s picture to those whom they ring, in events and in pushes', async () => {
    const [id, bob] = [unique('ida'), await person('bob')];
    const image = 'https://pictures.example/ida.png';
    const user = { id, name: 'Ida', image };
    const [android, iphone] = [await bob.android(), await bob.iphone()];
    const [caller, callee] = [
      await connected(await tokenOf({ sub: id, name: 'Ida', picture: image })),
      await bob.connect(),
    ];
    expect(await caller.next('user.connected')).toMatchObject({ user });
    const [call_id, members] = [unique('call'), [{ user_id: bob.id }]];
    await caller.ask({ type: 'call.ring', call_id, members, ...LONG_RING });
    expect(await callee.next('call.ring')).toMatchObject({ user, call: { created_by: user } });
    for (const token of [android, iphone])
      expect(keysOf(await pushOf(token, 'call.ring'))).toMatchObject({
        created_by_name: 'Ida',
        created_by_image: image,
      });
    await caller.ask({ type: 'call.cancel', call_cid: `default:${call_id}` });
    expect(await callee.next('call.cancelled')).toMatchObject({ user });
    await Promise.all([caller.close(), callee.close()]);
  });

  it('is refused with the reason, over REST and on a socket', async () => {
    const cases = [
      [await tokenOf({ sub: 'a' }, { expires_in_s: -60 }), 'expired'],
      [await tokenOf({ sub: 'a', aud: 'other' }), 'wrong_audience'],
      [await tokenOf({ sub: 'a' }, { kid: 'nobody' }), 'unknown_key'],
      [await tokenOf({ sub: 'a', iss: 'https://other.example' }), 'unknown_key'],
      [await tokenOf({ sub: 'not a user' }), 'malformed'],
      [await tokenOf({ sub: 'a', exp: null }), 'malformed'],
    ] as const;
    for (const [token, reason] of cases) {
      const answer = await (reason === 'unknown_key' ? ask(token) : devices(token));
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated', reason } });
      await expect(connectWith(token)).rejects.toThrow('401');
    }
  });

  it('mints for its own user alone, also where anybody may mint without a token', async () => {
    const id = unique('ida');
    const token = await tokenOf({ sub: id });
    const minted = await mint(id, token);
    expect(minted).toMatchObject({ status: 200, body: { userId: id } });
    expect(await devices(minted.body.token)).toMatchObject({ status: 200 });
    expect(await mint(unique('bob'), token)).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  });

  it('is no server token, whatever its role', async () => {
    const bob = await person('bob');
    const token = await tokenOf({ sub: unique('ida'), role: 'server' });
    const answer = await onceKeysAreKnown(() => rest().request('GET', `/api/v2/devices?user_id=${bob.id}`, { token }));
    expect(answer).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
  });
});

describe('the built-in identity provider', () => {
  it('is found by discovery at the name that its tokens have', async () => {
    const { body } = await rest().request('GET', '/_local/issuer/.well-known/openid-configuration');
    expect(body).toMatchObject({ issuer: `${inject('stackUrl')}/_local/issuer` });
    const keys = await fetch(body.jwks_uri).then((response) => response.json());
    expect(keys).toMatchObject({ keys: [{ alg: 'RS256' }, { alg: 'ES256' }, { alg: 'EdDSA' }] });
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  it('names what is wrong with a request', async () => {
    for (const [path, body, named] of [
      ['tokens', { alg: 'HS256' }, 'alg'],
      ['tokens', { claims: 'x' }, 'claims'],
      ['faults', { count: 1 }, 'status'],
      ['faults', { status: 200, count: 1 }, 'status'],
    ] as const) {
      expect(await issuer(path, body)).toMatchObject({ status: 400, body: { error: expect.stringContaining(named) } });
    }
  });
});
