import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextToken } from '#wire/rest/requests.ts';
import { type HttpsEndpoint, httpsEndpoint } from '../../support/https-endpoint.ts';
import { deviceOn, type OwnStack, startOwnStack } from '../../support/own-stack.ts';
import { callPath, eventually, unique } from '../../support/people.ts';
import { run } from '../../support/program.ts';

// Webhooks over the wire: endpoints that take everything, and endpoints that answer what they should not.

interface Delivered {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly event: { readonly id: string; readonly type: string; readonly call_cid?: string; readonly version: number };
}
/** A delivery as the API shows it. */
interface Seen {
  readonly id: string;
  readonly webhook: string;
  readonly webhook_id: string;
  readonly call_cid?: string;
  readonly created_at: string;
  readonly type: string;
  readonly status: string;
  readonly http_status?: number;
}
type Answer = (response: ServerResponse, delivered: Delivered) => unknown;

const LOG = '.cache/webhooks-stack.log';

const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;
const [FAST, NEXT, LAST, OTHER] = [newSecret(), newSecret(), newSecret(), newSecret()];
const TEN_MB = Buffer.alloc(10 * 1024 * 1024, 'x');

const delivered: Delivered[] = [];
/** Requests that wait for an answer, by path. */
const hanging = new Map<string, Set<IncomingMessage>>();
const answers = new Map<string, Answer>([
  ['/fast', (response) => response.writeHead(204).end()],
  ['/rotating', (response) => response.writeHead(200).end('{"ok":true}')],
  ['/large', (response) => response.writeHead(200).end(TEN_MB)],
  ['/redirects', (response) => response.writeHead(307, { location: `${base}/metadata` }).end()],
  ['/metadata', (response) => response.writeHead(200).end()],
  [
    '/flaky',
    (response, { event, headers }) => {
      const earlier = on('/flaky').filter((each) => each.headers['webhook-id'] === headers['webhook-id']);
      response.writeHead(event.type === 'call.created' && earlier.length === 1 ? 503 : 202).end();
    },
  ],
  ['/never', () => undefined],
  ['/dead', (response) => response.writeHead(isMended ? 200 : 410).end()],
  ['/late', (response) => setTimeout(() => response.writeHead(200).end(), 2000)],
  ['/trickles', (response) => response.writeHead(200).write('not the end')],
  ['/broken', (response) => response.writeHead(isRepaired ? 200 : 500).end()],
]);

let endpoint: HttpsEndpoint;
let stack: OwnStack;
let base: string;
let isMended = false;
let isRepaired = false;

const on = (path: string, cid?: string): Delivered[] =>
  delivered.filter((each) => each.path === path && (cid === undefined || each.event.call_cid === cid));
const typesOn = (path: string, cid: string): string[] => on(path, cid).map(({ event }) => event.type);

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '';
  const open = hanging.get(path) ?? new Set();
  hanging.set(path, open.add(request));
  response.once('close', () => open.delete(request));
  const body = await text(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const one = { path, headers, body, event: JSON.parse(body) };
  delivered.push(one);
  answers.get(path)?.(response, one);
}

beforeAll(async () => {
  endpoint = await httpsEndpoint((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  base = endpoint.url;
  const to = (path: string, secret: string | string[] = OTHER, events?: string[]) => ({
    url: `${base}${path}`,
    secret,
    ...(events && { events }),
  });
  const webhooks = [
    to('/fast', FAST),
    to('/rotating', [NEXT, LAST], ['call.created']),
    to('/large', OTHER, ['call.created']),
    to('/redirects', OTHER, ['call.created']),
    to('/flaky', OTHER),
    to('/never'),
    to('/dead', OTHER, ['call.missed']),
    { url: base.replace('https', 'http'), secret: OTHER },
    { url: 'https://169.254.169.254/latest/meta-data', secret: OTHER },
    to('/broken', OTHER, ['call.rejected']),
    to('/late', OTHER, ['call.created']),
    to('/trickles', OTHER, ['call.created']),
  ];
  stack = await startOwnStack({ CARILLON_WEBHOOKS: JSON.stringify(webhooks), ...endpoint.trust }, LOG);
});
afterAll(async () => {
  await stack.stop();
  endpoint.close();
});

/** Plays a call that is declined, and returns its cid. */
async function aCall(): Promise<string> {
  const [alice, bob, id] = [unique('alice'), unique('bob'), unique('call')];
  const members = [{ user_id: bob }];
  expect((await stack.request('POST', callPath(id), { user_id: alice }, { members, ring: true })).status).toBe(201);
  expect((await stack.request('POST', callPath(id, '/reject'), { user_id: bob }, {})).status).toBe(200);
  return `default:${id}`;
}
const TYPES = ['call.created', 'call.ring', 'call.rejected', 'call.ended'];
const all = (path: string, cid: string) =>
  eventually(async () => new Set(typesOn(path, cid)).size === TYPES.length, `all of ${cid} at ${path}`);

describe('a webhook', () => {
  it('gets every event once it is taken, signed, with the id of the event', async () => {
    const cid = await aCall();
    await all('/fast', cid);
    expect(typesOn('/fast', cid).toSorted()).toEqual(TYPES.toSorted());
    for (const { headers, body, event } of on('/fast', cid)) {
      expect(new Webhook(FAST).verify(body, headers)).toEqual(event);
      expect(() => new Webhook(OTHER).verify(body, headers)).toThrow();
      expect(headers['webhook-id']).toBe(event.id);
      expect(headers['content-type']).toBe('application/json');
    }
  });

  it('whose secret rotates verifies by the old and by the new one, and hears only of what it wants', async () => {
    const cid = await aCall();
    const [first] = await eventually(async () => {
      const found = on('/rotating', cid);
      return found.length > 0 && found;
    }, 'the delivery');
    if (!first) throw new Error('nothing came');
    for (const secret of [NEXT, LAST])
      expect(new Webhook(secret).verify(first.body, first.headers)).toEqual(first.event);
    await all('/fast', cid);
    expect(typesOn('/rotating', cid)).toEqual(['call.created']);
  });

  it('that never answers holds up no other', async () => {
    const cids = await Promise.all(Array.from({ length: 4 }, aCall));
    for (const cid of cids) await all('/fast', cid);
    // It has got 16 events and takes two at once, for 5 s each: it still hangs.
    expect(hanging.get('/never')?.size).toBeGreaterThan(0);
    expect(on('/never').length).toBeLessThan(cids.length * TYPES.length + 8);
  });

  it('that fails is called again with the same id, and what comes behind it does not wait', async () => {
    const cid = await aCall();
    await all('/flaky', cid);
    const again = await eventually(async () => {
      const created = on('/flaky', cid).filter(({ event }) => event.type === 'call.created');
      return created.length === 2 && created;
    }, 'the second try');
    const [first, second] = again;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    const waited = Number(second?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp']);
    expect(waited).toBeGreaterThanOrEqual(4);
    const order = on('/flaky', cid);
    for (const type of TYPES.slice(1))
      expect(order.findIndex(({ event }) => event.type === type)).toBeLessThan(order.indexOf(again[1] as Delivered));
    for (const { body, headers } of again) expect(new Webhook(OTHER).verify(body, headers)).toBeDefined();
  });

  it('that answers 200 with 10 MB, late or without an end has taken the event, and one that redirects has not', async () => {
    const cid = await aCall();
    // The second try at the one that redirects comes after the first try at the other could have failed.
    await eventually(async () => on('/redirects', cid).length >= 2, 'the second try');
    for (const path of ['/large', '/late', '/trickles']) expect(on(path, cid)).toHaveLength(1);
    expect(on('/metadata')).toEqual([]);
  });

  it('that was tried ten times in vain is a dead letter, which is sent again on demand', async () => {
    const webhook = createHash('sha256').update(`${base}/dead`).digest('hex').slice(0, 16);
    const event = { id: unique('evt'), type: 'call.missed', version: 1 };
    const last = { webhook, id: event.id, body: JSON.stringify(event), attempt: 10 };
    await stack.request('POST', '/_local/queues/webhook/messages', {}, { body: JSON.stringify(last) });
    const dead = async () => (await stack.request('GET', '/_local/queues', {})).body.queues.webhook.dead;
    await eventually(async () => (await dead()).length === 1, 'the dead letter');
    expect(on('/dead')).toHaveLength(1);
    isMended = true;
    const tool = await run(process.execPath, ['tools/webhooks.ts', 'replay', '--url', stack.url]);
    expect(tool).toEqual({ code: 0, output: '1 sent again.\n' });
    await eventually(async () => on('/dead').length === 2, 'the replay');
    const [first, second] = on('/dead');
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await dead()).toEqual([]);
  });

  it('shows operators how its deliveries went, and is tried again when they want it', async () => {
    const cid = await aCall();
    const { token: olga } = (
      await stack.request('POST', '/_local/tokens', {}, { claims: { name: 'Olga' }, kind: 'operator' })
    ).body;
    const seen = async (query: string): Promise<Seen[]> => {
      const { status, body } = await stack.request('GET', `/api/v2/webhooks/deliveries?${query}`, olga);
      expect([status, body.enabled]).toEqual([200, true]);
      return body.deliveries.filter(({ call_cid }: Seen) => call_cid === cid);
    };
    const [failed] = await eventually(async () => {
      const found = (await seen('status=failed')).filter(({ type }) => type === 'call.rejected');
      return found.length === 1 && found;
    }, 'the failure');
    if (!failed) throw new Error('nothing failed');
    const webhook = createHash('sha256').update(`${base}/broken`).digest('hex').slice(0, 16);
    const [first] = on('/broken', cid);
    expect(failed).toMatchObject({ webhook, host: new URL(base).host, webhook_id: first?.event.id, http_status: 500 });
    expect(failed).toMatchObject({ fault: 'status 500', attempt: expect.any(Number), retry_at: expect.any(String) });
    expect(JSON.stringify(failed)).not.toContain('/broken');
    isRepaired = true;
    const replay = `/api/v2/webhooks/deliveries/${failed.id}/replay`;
    expect((await stack.request('POST', replay, { user_id: unique('eve') })).status).toBe(403);
    expect((await stack.request('POST', replay, olga)).status).toBe(202);
    await eventually(async () => {
      const [now] = await seen(`webhook=${webhook}`);
      return now?.status === 'delivered' && now.http_status === 200;
    }, 'the replay');
    expect(new Set(on('/broken', cid).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await seen(`status=failed&webhook=${webhook}`)).toEqual([]);
    const others = await eventually(async () => {
      const found = await seen('status=delivered');
      return found.length >= TYPES.length && found;
    }, 'what was delivered');
    expect(new Set(others.map(({ type }) => type))).toEqual(new Set(TYPES));
    const nothing = nextToken(`${failed.created_at}#${webhook}#evt_0`);
    const none = await stack.request('POST', `/api/v2/webhooks/deliveries/${nothing}/replay`, { role: 'server' });
    expect(none.body).toMatchObject({ status: 404, code: 'not_found' });
    const odd = await stack.request('POST', '/api/v2/webhooks/deliveries/odd/replay', { role: 'server' });
    expect(odd.body).toMatchObject({ status: 400, code: 'validation_failed', errors: [{ path: 'delivery_id' }] });
  });

  it('is listed, with those that are refused, and tried', async () => {
    const list = await run(process.execPath, ['tools/webhooks.ts', 'list', '--url', stack.url]);
    expect(list.output).toContain('webhook 8 is refused: url must be an https address');
    expect(list.output).toContain('webhook 9 is refused: url is not on the public internet');
    const doctor = await run(process.execPath, ['tools/doctor.ts', '--url', stack.url]);
    expect(doctor.output).toContain('webhook 8 is refused: url must be an https address');
    expect(doctor.code).toBe(1);
    expect(list.output).toContain('call.created  (secret rotates)');
    for (const secret of [FAST, NEXT, OTHER]) expect(list.output).not.toContain(secret);
    const test = await run(process.execPath, ['tools/webhooks.ts', 'send-test', '--url', stack.url], endpoint.trust);
    expect(test.output).toContain('took it');
    expect(test.output).toContain('failed: timed_out');
    expect(test.output).toContain('failed: status 307');
    expect(test.code).toBe(1);
    expect(on('/fast').at(-1)?.event).toMatchObject({ type: 'test' });
  });
});

it.each([
  ['an address that is none', ['--url', 'localhost:8181'], '--url: must be an http or https URL'],
  ['a stage without a name', ['--stage', ''], '--stage: must name a stage'],
  ['a stage and an address', ['--stage', 'prod', '--url', 'http://127.0.0.1'], 'give --stage or --url, not both'],
])('refuses %s on its command line', async (_, args, problem) => {
  const { code, output } = await run(process.execPath, ['tools/webhooks.ts', 'list', ...args]);
  expect([code, output]).toEqual([2, expect.stringContaining(problem)]);
});

it.each([
  ['apn', 'InvalidProviderToken'],
  ['webpush', 'Forbidden'],
] as const)('tells of a push provider that refuses two users in a row: %s', async (provider, reason) => {
  const ida = { user_id: unique('ida') };
  for (const user_id of [unique('jon'), unique('kim')]) {
    const device = await deviceOn(stack, provider);
    expect((await stack.request('POST', '/api/v2/devices', { user_id }, device)).status).toBe(201);
    // More than there can be attempts: a push that is taken would say that the provider works.
    const outcome = { status: 403, ...(provider === 'apn' && { reason }) };
    const outcomes = Array.from({ length: 20 }, () => outcome);
    await stack.request('POST', '/_local/push-outcomes', {}, { token: device.id, outcomes });
    await stack.request('POST', callPath(unique('call')), ida, { members: [{ user_id }], ring: true });
    await eventually(async () => {
      const { body } = await stack.request('GET', `/_local/pushes?token=${encodeURIComponent(device.id)}`, {});
      return body.pushes.length > 0;
    }, 'the push');
  }
  const failing = () =>
    on('/fast').filter(({ event, body }) => event.type === 'push.provider_failing' && body.includes(`"${provider}"`));
  await eventually(async () => failing().length > 0, 'the event', 90_000);
  expect(failing()[0]?.event).toMatchObject({ provider, provider_name: 'default', reason });
});

it('logs no secret of a webhook, and no path of its address', () => {
  const log = readFileSync(LOG, 'utf8');
  for (const secret of [FAST, NEXT, LAST, OTHER]) expect(log).not.toContain(secret.slice('whsec_'.length));
  expect(log).toContain('a webhook failed');
  expect(log).not.toContain('/redirects');
});
