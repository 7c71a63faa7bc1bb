import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { type Api, api, type Frame, openSocket } from './client.ts';

/**
 * The main job, end to end on this machine: Alice calls Bob, whose app is closed. Exits 0 when the call worked, and
 * non-zero when any step did not.
 */

const OFFER = 'v=0\r\no=alice 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';
const ANSWER = 'v=0\r\no=bob 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';
const CANDIDATE = { candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host', sdpMid: '0', sdpMLineIndex: 0 };
const PATIENCE_MS = 10_000;

interface Push {
  readonly at: string;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the provider's
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- see above
}

/** Starts the local stack; what comes back stops it. */
async function startStack(): Promise<{ url: string; stop: () => Promise<void> }> {
  const stack = spawn(process.execPath, ['local/cli.ts'], {
    env: { ...process.env, PORT: process.env['PORT'] ?? '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: stack.stderr }).on('line', (line) => errors.push(line));
  const exited = new Promise<void>((resolve) => stack.on('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: stack.stdout }).on('line', (line) => {
      const ready = /^carillon ready on (\S+)$/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    stack.on('exit', (code) =>
      reject(new Error(`the local stack exited with ${code}\n${errors.slice(-20).join('\n')}`)),
    );
  });
  return {
    url,
    stop: async () => {
      stack.kill('SIGTERM');
      await exited;
    },
  };
}

let rangAt = 0;

/** Prints one step, with the milliseconds since the ring. */
function step(who: string, what: string, details: readonly string[] = [], at = Date.now()): void {
  const ms = rangAt === 0 ? '' : `+${Math.max(0, at - rangAt)} ms`;
  process.stdout.write(`${ms.padStart(9)}  ${who.padEnd(14)} ${what}\n`);
  for (const detail of details) process.stdout.write(`${''.padStart(26)}${detail}\n`);
}

/** Fails the demo where something is not as it should be. */
function expect(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected)
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

async function login(rest: Api, userId: string, name: string): Promise<string> {
  const { status, body } = await rest.request('POST', '/v1/api/callStreams', { body: { userId, name } });
  expect(status, 200, `a token for ${userId}`);
  return body.token;
}

async function register(rest: Api, token: string, body: object): Promise<void> {
  const { status } = await rest.request('POST', '/api/v2/devices', { token, body });
  expect(status === 200 || status === 201, true, 'registering a device');
}

/** The push of a type that the push service got for a token. */
async function pushed(rest: Api, token: string, type: string): Promise<Push> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await wait(5)) {
    const { body } = await rest.request('GET', `/_local/pushes?token=${token}`);
    const found = body.pushes.find((push: Push) => (push.body.message?.data ?? push.body).type === type);
    if (found) return found;
  }
  throw new Error(`no ${type} push to ${token} within ${PATIENCE_MS} ms`);
}

async function play(url: string): Promise<void> {
  const rest = api(url);
  const run = Date.now().toString(36);
  const [android, iphone] = [`android-of-bob-${run}`, randomBytes(32).toString('hex')];
  const [alice, bob] = [await login(rest, `alice-${run}`, 'Alice'), await login(rest, `bob-${run}`, 'Bob')];
  await register(rest, bob, { id: android, push_provider: 'firebase', hardware_id: 'pixel' });
  await register(rest, bob, { id: iphone, push_provider: 'apn', voip_token: true, hardware_id: 'iphone' });
  step('Bob', 'has an Android phone and an iPhone; the app is closed on both');

  const caller = await openSocket(`${url}/ws?token=${alice}`);
  await caller.next('user.connected');
  step('Alice', 'is connected');
  rangAt = Date.now();
  step('Alice', 'calls Bob, with her offer in the same frame');
  const callId = `demo-${run}`;
  const rung = await caller.ask({
    type: 'call.ring',
    call_id: callId,
    members: [{ user_id: `bob-${run}` }],
    video: true,
    offer: { type: 'offer', sdp: OFFER },
  });
  expect(rung.type, 'response', `ringing (${JSON.stringify(rung['error'])})`);
  const cid = `default:${callId}`;

  const [viaFcm, viaApns] = await Promise.all([pushed(rest, android, 'call.ring'), pushed(rest, iphone, 'call.ring')]);
  const { data, android: settings } = viaFcm.body.message;
  step(
    'FCM',
    'received a data message for the Android phone',
    [`android: ${JSON.stringify(settings)}`, `data:    ${brief(data)}`],
    Date.parse(viaFcm.at),
  );
  const headers = ['apns-push-type', 'apns-topic', 'apns-priority', 'apns-expiration'].map(
    (name) => `${name}: ${viaApns.headers[name]}`,
  );
  step(
    'APNs',
    'received a VoIP push for the iPhone',
    [headers.join(', '), `payload: ${brief(viaApns.body)}`],
    Date.parse(viaApns.at),
  );
  expect(viaApns.headers['apns-push-type'], 'voip', 'the push type');

  const callee = await openSocket(`${url}/ws?token=${viaApns.body.wake_token}`);
  step('Bob’s iPhone', 'woke up and opened a WebSocket with nothing but the wake token of the push');
  await callee.next('user.connected');
  const ring = await callee.next('call.ring');
  step('Bob’s iPhone', `rings until ${String(ring['expires_at'])}`);
  const offer = await callee.next('sdp.offer');
  expect(offer['sdp'], OFFER, 'the offer that waited');
  step('Bob’s iPhone', 'has got the offer that had waited for it');
  callee.send({ type: 'call.ringing', call_cid: cid });
  await caller.next('call.ringing');
  step('Alice', 'hears that it really rings');

  const accepted = await callee.ask({ type: 'call.accept', call_cid: cid, answer: { type: 'answer', sdp: ANSWER } });
  expect(accepted.type, 'response', `accepting (${JSON.stringify(accepted['error'])})`);
  step('Bob’s iPhone', 'answered');
  await caller.next('call.accepted');
  expect((await caller.next('sdp.answer'))['sdp'], ANSWER, 'the answer');
  step('Alice', 'has got his answer');
  caller.send({ type: 'ice.candidate', call_cid: cid, ...CANDIDATE });
  callee.send({ type: 'ice.candidate', call_cid: cid, ...CANDIDATE });
  await Promise.all([callee.next('ice.candidate'), caller.next('ice.candidate')]);
  step('both', 'have exchanged ICE candidates: they talk');

  const stop = await pushed(rest, android, 'call.accepted');
  expect(stop.body.message.data.reason, 'answered_elsewhere', 'why the Android phone falls silent');
  step(
    'FCM',
    'received the stop for the Android phone: it falls silent',
    [`data:    ${brief(stop.body.message.data)}`],
    Date.parse(stop.at),
  );

  const ended = await caller.ask({ type: 'call.end', call_cid: cid });
  expect(ended.type, 'response', `hanging up (${JSON.stringify(ended['error'])})`);
  step('Alice', 'hangs up');
  const end: Frame = await callee.next('call.ended');
  expect(end['reason'], 'completed', 'how the call ended');
  step('Bob’s iPhone', 'hears that the call has ended');
  await Promise.all([caller.close(), callee.close()]);
}

/** The keys of a push that a reader wants to see; the token stays what it is, a secret. */
const brief = (keys: Record<string, string>): string =>
  JSON.stringify(
    Object.fromEntries(
      ['type', 'call_cid', 'created_by_name', 'receiver_id', 'reason', 'expires_at'].flatMap((key) =>
        keys[key] === undefined ? [] : [[key, keys[key]]],
      ),
    ),
  );

process.stdout.write('Building and starting the local stack …\n');
const { url, stop } = await startStack();
try {
  process.stdout.write(`It runs on ${url}\n\n`);
  await play(url);
  process.stdout.write('\nThe call worked.\n');
} catch (error) {
  process.stdout.write(`\nThe call did not work: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stop();
}
