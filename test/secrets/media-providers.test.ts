import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAgoraToken } from '../support/agora-token.ts';
import { operator, restartFunctions } from '../support/operator.ts';
import { people, rest, SESSIONS } from '../support/people.ts';

// What an operator puts into the secret `media-providers`, and what sessions make of it.

const APP = { app_id: '0123456789abcdef0123456789ABCDEF', app_certificate: 'f'.repeat(32) };

let original: object;
beforeAll(async () => {
  original = await (await operator()).read<object>('MediaProviders');
});
afterAll(() => deploy(original));

async function deploy(content: object): Promise<void> {
  await (await operator()).put('MediaProviders', content);
  await restartFunctions();
}

describe('without a media provider', () => {
  it.each([
    ['an empty secret', {}],
    ['an app id that is none', { agora: { ...APP, app_id: 'my-app' } }],
    ['a secret of another form', { agora: 'app' }],
  ])('%s: sessions are refused, and nobody is rung', async (_, content) => {
    await deploy(original);
    const [alice, bob] = await people('alice', 'bob');
    const socket = await bob.connect();
    const running = (await alice.post(SESSIONS, { recipientId: bob.id })).body.session;
    await socket.next('call.ring');

    await deploy(content);
    const refused = {
      status: 503,
      body: { code: 'media_not_configured', statusCode: 503, message: expect.any(String) },
    };
    expect(await alice.post(SESSIONS, { recipientId: bob.id })).toMatchObject(refused);
    expect(await bob.post(`${SESSIONS}/${running.id}/token`, { role: 'AUDIENCE' })).toMatchObject(refused);
    expect(socket.frames.filter(({ type }) => type === 'call.ring')).toHaveLength(1);
    const { session } = (await bob.get(`${SESSIONS}/${running.id}`)).body;
    expect(session.status).toBe('INITIATED');
    expect((await bob.post(`${SESSIONS}/${running.id}/decline`)).body.session.status).toBe('REJECTED');
    await socket.close();
  });
});

describe('an Agora app', () => {
  it('signs, for as long as it says', async () => {
    await deploy({ agora: { ...APP, token_ttl_s: 90 } });
    const [alice, bob] = await people('alice', 'bob');
    const { credential } = (await alice.post(SESSIONS, { recipientId: bob.id })).body;
    const parsed = parseAgoraToken(credential.token);
    expect(parsed).toMatchObject({ appId: APP.app_id, expire: 90 });
    expect(parsed.signedWith(APP.app_certificate)).toBe(true);
    expect((await rest().request('GET', '/_local/providers')).body.agora).toEqual(APP);
  });
});
