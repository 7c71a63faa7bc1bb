import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PushProvider } from '#domain/push-token/token.ts';
import { epochMs } from '#domain/time.ts';
import { localDeployment } from '../../../tools/doctor/deployment.ts';
import { operatorToken } from '../../../tools/operator-token.ts';
import { evidenceFor } from '../../../tools/why/evidence.ts';
import { localRefusals } from '../../../tools/why/refusals.ts';
import { report } from '../../../tools/why/report.ts';
import { deviceOn, type OwnStack, startOwnStack } from '../../support/own-stack.ts';
import { callPath, eventually, LONG_RING, unique } from '../../support/people.ts';
import { run } from '../../support/program.ts';
import { pushAnswers } from '../../support/push-outcomes-page.ts';
import { anApnsToken } from '../../support/push-tokens.ts';
import { openSocket } from '../../support/raw-client.ts';

// "Why did her phone not ring at 14:05?", asked by user and time, for every reason in docs/push-outcomes.md. A stack of its
// own: a misconfiguration that two tests hit would withhold the pushes of all others.

let stack: OwnStack;
beforeAll(async () => {
  stack = await startOwnStack({ CARILLON_SETTINGS: JSON.stringify({ ring_rate: { minute: 1, hour: 1000, pair: 5 } }) });
});
afterAll(() => stack.stop());

const SERVER = { role: 'server' };

/** Does as `userId` whatever a server token may do for them. */
const as = async (userId: string, method: string, path: string, body: unknown = {}) => {
  const query = `${path.includes('?') ? '&' : '?'}user_id=${encodeURIComponent(userId)}`;
  const answer = await stack.request(method, `${path}${query}`, SERVER, method === 'GET' ? undefined : body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

const local = (method: string, path: string, body: unknown) => stack.request(method, `/_local/${path}`, SERVER, body);

/** What `npm run why` says of a user at this moment. */
async function why(user: string): Promise<string> {
  const { secret } = await localDeployment(stack.url);
  const token = await operatorToken(
    () => secret('token-keys'),
    'Olga',
    () => epochMs(Date.now()),
  );
  const question = { user, at: Date.now(), tz: 'Europe/Berlin', withinMs: 900_000 };
  return report(question, await evidenceFor({ url: stack.url, token }, localRefusals(stack.url), question));
}

/** How our API names the push services. */
const PROVIDERS = new Map<string, PushProvider>([
  ['APNs', 'apn'],
  ['FCM', 'firebase'],
  ['Web Push', 'webpush'],
]);

/** Rings `bob`, waits until the trace says what became of it, and hangs up. */
async function rung(bob: string, fits: (row: Record<string, unknown>) => boolean, caller = unique('alice')) {
  const path = callPath(unique('call'));
  await as(caller, 'POST', path, { members: [{ user_id: bob }], ring: true, ...LONG_RING });
  await eventually(async () => (await as(caller, 'GET', `${path}/trace`)).trace.some(fits), `the row for ${bob}`);
  await as(caller, 'POST', `${path}/mark_ended`);
}

describe.concurrent('asked why a phone did not ring, it says', () => {
  it('something for each row of the tables', () => expect(pushAnswers().length).toBeGreaterThan(55));

  it.each(pushAnswers())('$service $status $reason', async ({ service, status, reason, verdict }) => {
    const bob = unique('bob');
    const provider = PROVIDERS.get(service);
    if (!provider) throw new Error(`nobody has a device of ${service}`);
    const device = await deviceOn(stack, provider);
    await as(bob, 'POST', '/api/v2/devices', device);
    const outcome = { status, ...(reason !== undefined && { reason }) };
    await local('POST', 'push-outcomes', { token: device.id, outcomes: Array.from({ length: 5 }, () => outcome) });
    // Before it, another answer may come: APNs has a connection wait that shows two provider tokens soon after each other.
    const isOutcome = (row: Record<string, unknown>) => row['event'] === 'push.failed' && row['status'] === status;
    await rung(bob, (row) => isOutcome(row) && (reason === undefined || row['reason'] === reason));
    const said = await why(bob);
    expect(said).toContain(`${bob}: `);
    expect(said).toMatch(new RegExp(`push\\.failed .*${status} +${reason ?? ''}`));
    const isGone = verdict === 'unregistered' || verdict === 'wrong_environment';
    expect(said).toMatch(isGone ? /; registered then, gone since, / : /; registered then; refreshed /);
    const isFailing = ['refused', 'unauthorized', 'misconfigured'].includes(verdict);
    if (isFailing) expect(said).toMatch(new RegExp(`failing since after that.*: ${reason ?? ''}`));
  });
});

describe.concurrent('without any answer of a push service, it says', () => {
  const ending = ({ event }: Record<string, unknown>) => event === 'call.unreachable';

  it('that there is no device', async () => {
    const bob = unique('bob');
    await rung(bob, ending);
    expect(await why(bob)).toMatch(/none, and none was removed in the last 30 days/);
  });

  it('that the token cannot ring', async () => {
    const bob = unique('bob');
    await as(bob, 'POST', '/api/v2/devices', { id: anApnsToken(), push_provider: 'apn' });
    await rung(bob, ({ reason }) => reason === 'not_ringable');
    const said = await why(bob);
    expect(said).toContain('push.skipped');
    expect(said).toContain('not_ringable');
    expect(said).toContain('apn (alerts only)');
  });

  it('that the push provider is not configured', async () => {
    const bob = unique('bob');
    const device = { id: unique('token'), push_provider: 'firebase', push_provider_name: 'nobodys' };
    await as(bob, 'POST', '/api/v2/devices', device);
    await rung(bob, ({ reason }) => reason === 'provider_not_configured');
    expect(await why(bob)).toContain('provider_not_configured');
  });

  it('that the callee has blocked the caller, who is told nothing of it', async () => {
    const [bob, mallory] = [unique('bob'), unique('mallory')];
    await as(bob, 'POST', '/api/v2/devices', { id: unique('token'), push_provider: 'firebase' });
    await as(bob, 'PUT', `/api/v2/blocks/${mallory}`);
    await rung(bob, ({ reason }) => reason === 'blocked', mallory);
    const said = await why(bob);
    expect(said).toContain('not rung: the callee has blocked the caller');
    expect(said).toContain('Has blocked 1 user.');
  });

  it('that the callee does not want to be disturbed', async () => {
    const bob = unique('bob');
    await as(bob, 'POST', '/api/v2/devices', { id: unique('token'), push_provider: 'firebase' });
    await as(bob, 'PUT', '/api/v2/preferences', { do_not_disturb: true });
    await rung(bob, ({ reason }) => reason === 'do_not_disturb');
    const said = await why(bob);
    expect(said).toContain('not rung: the callee does not want to be disturbed');
    expect(said).toContain('Does not want to be disturbed.');
  });

  it('that another app had the token by then', async () => {
    const [bob, eve] = [unique('bob'), unique('eve')];
    const device = { id: unique('token'), push_provider: 'firebase', hardware_id: 'pixel' };
    await as(bob, 'POST', '/api/v2/devices', device);
    await as(eve, 'POST', '/api/v2/devices', device);
    await rung(bob, ending);
    expect(await why(bob)).toMatch(/on pixel; gone before, .*: moved_to_another_user/);
  });
});

describe.concurrent('where there was no call, it says', () => {
  const said = (user: string, what: RegExp) =>
    eventually(async () => {
      const text = await why(user);
      return what.test(text) && text;
    }, `${what} of ${user}`);

  it('what was refused over REST, and that a ring was one too many', async () => {
    const alice = unique('alice');
    const ring = () =>
      stack.request(
        'POST',
        callPath(unique('call')),
        { user_id: alice },
        { members: [{ user_id: unique('bob') }], ring: true },
      );
    const answers = [await ring(), await ring()];
    expect(answers.map(({ status }) => status)).toEqual([201, 429]);
    const text = await said(alice, /Refused:/);
    expect(text).toMatch(/POST \/api\/v2\/video\/call\/default\/call-\w+: rate_limited/);
  });

  it('which field was wrong', async () => {
    const alice = unique('alice');
    await stack.request('POST', callPath(unique('call')), { user_id: alice }, { members: [{ user_id: 'a b' }] });
    expect(await said(alice, /Refused:/)).toMatch(/no call(?:.|\n)*\(members\.0\.user_id\): validation_failed/);
  });

  it('that a login has expired, over REST and at the upgrade', async () => {
    const alice = unique('alice|+=~:a@b.example');
    const { body } = await local('POST', 'tokens', { claims: { user_id: alice }, expires_in_s: -120 });
    await stack.request('GET', '/api/v2/devices', body.token);
    await expect(openSocket(`${stack.url}/ws?token=${encodeURIComponent(body.token)}`)).rejects.toMatchObject({
      status: 401,
    });
    await said(alice, /GET \/api\/v2\/devices: unauthenticated \(expired\)/);
    await said(alice, /connect: unauthenticated \(expired\)/);
  });

  it('what a frame was refused for, and of which call', async () => {
    const alice = unique('alice');
    const socket = await stack.connect({ user_id: alice });
    await socket.ask({ type: 'call.accept', call_cid: 'default:nothing' });
    await socket.close();
    await said(alice, /call\.accept \(default:nothing\): not_found/);
  });

  it('what is wrong with a request for a token', async () => {
    const alice = unique('alice');
    const answer = await stack.request('POST', '/v1/api/callStreams', { user_id: alice }, { userId: '' });
    expect(answer.status).toBe(400);
    await said(alice, /POST \/v1\/api\/callStreams.*: validation_failed/);
  });

  it('nothing, of a stranger', async () => {
    const nobody = unique('nobody');
    const { body } = await local('POST', 'tokens', { claims: { user_id: nobody }, bad_signature: true });
    await stack.request('GET', '/api/v2/devices', body.token);
    expect(await why(nobody)).not.toContain('Refused');
  });
});

it('is a tool, which is asked by user and time, and writes down who asked', async () => {
  const bob = unique('bob');
  const now = new Date();
  await rung(bob, ({ event }) => event === 'call.unreachable');
  const tool = (...args: string[]) =>
    run(process.execPath, ['tools/why.ts', '--url', stack.url, '--name', 'Jana', ...args]);
  const [found, none, wrong] = await Promise.all([
    tool('--user', bob, '--at', now.toISOString(), '--tz', 'Asia/Kathmandu'),
    tool('--user', unique('bob'), '--at', '2026-01-01 10:00'),
    tool('--user', bob, '--at', 'noon', '--tz', 'Mars'),
  ]);
  expect(found).toMatchObject({ code: 0 });
  expect(found.output).toMatch(/\(Asia\/Kathmandu\), within 15 min: 1 call\n(?:.|\n)*not rung: no phone is registered/);
  expect(none).toMatchObject({ code: 1, output: expect.stringContaining('no call') });
  expect(wrong).toMatchObject({ code: 2, output: expect.stringContaining('--tz: must be a time zone') });
  const { body } = await stack.request('GET', `/_local/logs?operator=Jana&user_id=${bob}`, SERVER);
  expect(body.logs.map(({ operation }: { operation: string }) => operation)).toContain('GET /api/v2/users/{user_id}');
});
