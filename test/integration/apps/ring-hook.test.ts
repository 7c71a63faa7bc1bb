import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpsEndpoint, httpsEndpoint } from '../../support/https-endpoint.ts';
import { type OwnStack, startOwnStack } from '../../support/own-stack.ts';
import { callPath, unique } from '../../support/people.ts';

// The backend of an app, which is asked before every ring: the example, and others that answer what they should not.

interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
interface Said {
  readonly statusCode: number;
  readonly body: string;
}
type Backend = (asked: Asked) => Promise<Said | undefined>;

const SECRET = `whsec_${randomBytes(24).toString('base64')}`;
const said = (body: unknown, statusCode = 200): Said => ({ statusCode, body: JSON.stringify(body) });

let endpoint: HttpsEndpoint;
let stack: OwnStack;
let example: Backend;
let backend: Backend;
const asked: Asked[] = [];

const startBackend = (): Promise<HttpsEndpoint> =>
  httpsEndpoint(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const one = { headers, body: String(Buffer.concat(chunks)) };
    asked.push(one);
    const answer = await backend(one);
    // A backend that says nothing is late.
    if (answer) response.writeHead(answer.statusCode, { location: 'https://127.0.0.1:1/' }).end(answer.body);
  });

beforeAll(async () => {
  Object.assign(process.env, { SECRET, HOUR: '12' });
  ({ handler: example } = await import('../../../examples/ring-hook/index.mjs'));
  endpoint = await startBackend();
  stack = await startOwnStack({
    CARILLON_RING_HOOK: JSON.stringify({ url: `${endpoint.url}/ring`, secret: SECRET, fail: 'closed' }),
    CARILLON_SETTINGS: JSON.stringify({ ring_rate: { minute: 1000, hour: 1000, pair: 2 } }),
    ...endpoint.trust,
  });
});
afterAll(async () => {
  await stack.stop();
  endpoint.close();
});
beforeEach(() => {
  backend = example;
  asked.length = 0;
});

const ring = (caller: string, ...callees: string[]) =>
  stack.request(
    'POST',
    callPath(unique('call')),
    { user_id: caller, name: 'Alice' },
    { members: callees.map((user_id) => ({ user_id })), ring: true },
  );

describe('a ring hook', () => {
  it('is asked by one signed request, and lets those ring whom it names', async () => {
    const [alice, bob, quiet] = [unique('alice'), unique('bob'), unique('quiet')];
    const { status, body } = await ring(alice, bob, quiet);
    expect(status).toBe(201);
    expect(body.members).toMatchObject([
      { state: 'joined' },
      { user_id: bob, state: 'ringing' },
      { user_id: quiet, state: 'invited' },
    ]);
    expect(asked).toHaveLength(1);
    const sent = JSON.parse(asked[0]?.body ?? '');
    expect(sent).toMatchObject({
      type: 'call.before_ring',
      call: { cid: body.call.cid, created_by: { id: alice } },
      caller: { id: alice, name: 'Alice' },
    });
    expect(sent.callees.toSorted()).toEqual([bob, quiet].toSorted());
    const { headers = {} } = asked[0] ?? {};
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${asked[0]?.body}`;
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  });

  it('refuses a ring if nobody may be rung, or with its own words', async () => {
    expect((await ring(unique('alice'), unique('quiet'))).body).toMatchObject({ code: 'not_allowed', status: 403 });
    backend = async () => said({ allow: false, reason: 'Bob has left the company' });
    const refused = await ring(unique('alice'), unique('bob'));
    expect(refused.body).toMatchObject({ code: 'not_allowed', detail: 'Bob has left the company' });
  });

  it('is asked for every way to ring, and what it refuses adds nobody and counts nowhere', async () => {
    backend = async () => said({ allow: false });
    const [alice, bob, carol] = [unique('alice'), unique('bob'), unique('carol')];
    const by = { user_id: alice };
    const path = callPath(unique('call'));
    const members = [{ user_id: bob }];
    expect((await stack.request('POST', path, by, { members })).status).toBe(201);
    expect(asked).toEqual([]);
    const added = { members: [{ user_id: carol }], ring: true };
    const socket = await stack.connect(by);
    for (let i = 0; i < 3; i += 1) {
      expect((await stack.request('POST', `${path}/ring`, by, {})).status).toBe(403);
      expect((await stack.request('POST', `${path}/members`, by, added)).status).toBe(403);
      const frame = { type: 'call.ring', call_id: unique('call'), members };
      expect(await socket.ask(frame)).toMatchObject({ type: 'error', error: { code: 'not_allowed' } });
    }
    await socket.close();
    expect(asked).toHaveLength(9);
    expect((await stack.request('GET', path, by)).body.members).toHaveLength(2);
    backend = async () => said({ allow: true });
    for (let i = 0; i < 2; i += 1) expect((await ring(alice, bob)).status).toBe(201);
    expect((await ring(alice, bob)).status).toBe(429);
  });

  it.each<[string, Backend]>([
    ['answers 500', async () => said({ allow: true }, 500)],
    ['redirects', async () => said({ allow: true }, 302)],
    ['does not answer in time', async () => undefined],
    ['says something else', async () => said({ allowed: true })],
    ['says what is not JSON', async () => ({ statusCode: 200, body: 'yes' })],
    ['says too much', async () => said({ allow: true, padding: 'x'.repeat(100_000) })],
  ])('counts as it was told where it %s', async (_, failing) => {
    backend = failing;
    const refused = await ring(unique('alice'), unique('bob'));
    expect(refused.body).toMatchObject({ code: 'not_allowed', status: 403 });
    expect(asked).toHaveLength(1);
  });
});
