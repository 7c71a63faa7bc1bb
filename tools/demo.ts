import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Carillon, type Signal } from '#client/index.ts';
import { readPush } from '#client/push/index.ts';
import { awaitedFor } from './demo/awaited.ts';
import { type Push, startTimeline, type Timeline } from './demo/timeline.ts';
import { localPart } from './local-stack.ts';

// Plays a call on this machine, end to end: Alice calls Bob, whose app is closed. Exits with 0 if the call worked, with 1
// if any step did not.

const USAGE = `usage: npm run demo [-- --verbose]

  --verbose   print the pushes themselves as well, not only that they were sent`;

const OFFER = 'v=0\r\no=alice 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';
const ANSWER = 'v=0\r\no=bob 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';
const CANDIDATE = { candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host', sdpMid: '0', sdpMLineIndex: 0 };
const PATIENCE_MS = 10_000;
const awaited = awaitedFor(PATIENCE_MS);
/** How the line begins in which the local stack says what to do before it can start. */
const NOT_STARTED = 'carillon could not start: ';

/** Starts the local stack and prints its progress; the function that comes back stops it. */
async function startStack(): Promise<{ url: string; stop: () => Promise<void> }> {
  const stack = spawn(process.execPath, ['local/cli.ts'], {
    env: { ...process.env, PORT: process.env['PORT'] ?? '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: stack.stderr }).on('line', (line) => errors.push(line));
  const exited = new Promise<void>((resolve) => stack.on('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const output = createInterface({ input: stack.stdout });
    output.on('line', (line) => {
      const ready = /^carillon ready on (\S+)$/.exec(line)?.[1];
      if (ready === undefined) return void process.stdout.write(`${line}\n`);
      // What comes next explains how to use a stack that goes on running.
      output.removeAllListeners('line').resume();
      resolve(ready);
    });
    stack.on('close', (code) =>
      reject(
        new Error(
          errors.findLast((line) => line.startsWith(NOT_STARTED)) ??
            `the local stack ended with ${code}\n${errors.slice(-20).join('\n')}`,
        ),
      ),
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

/** Fails the demo if a value is not the expected one. */
function expect(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected)
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

const minted = z.object({ token: z.string() });
const received = z.object({ pushes: z.array(z.custom<Push>()) });

/** A login as the local stack mints it for anybody. */
async function login(url: string, userId: string, name: string): Promise<string> {
  const answer = await fetch(`${url}/v1/api/callStreams`, { method: 'POST', body: JSON.stringify({ userId, name }) });
  expect(answer.status, 200, `a token for ${userId}`);
  return minted.parse(await answer.json()).token;
}

/** Waits for the push of a type to a token. */
async function pushed(url: string, token: string, type: string): Promise<Push> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await wait(5)) {
    const { pushes } = await localPart(url, `/_local/pushes?token=${token}`, received);
    const found = pushes.find((push: Push) => (push.body.message?.data ?? push.body).type === type);
    if (found) return found;
  }
  throw new Error(`no ${type} push to ${token} within ${PATIENCE_MS} ms`);
}

async function play(url: string, { step, ring: startClock }: Timeline): Promise<void> {
  const run = Date.now().toString(36);
  const [android, iphone] = [`android-of-bob-${run}`, randomBytes(32).toString('hex')];
  const [alice, bob] = [await login(url, `alice-${run}`, 'Alice'), await login(url, `bob-${run}`, 'Bob')];
  const app = new Carillon({ url, token: bob });
  await app.registerDevice({ id: android, push_provider: 'firebase', hardware_id: 'pixel' });
  await app.registerDevice({ id: iphone, push_provider: 'apn', voip_token: true, hardware_id: 'iphone' });
  step('Bob', 'has an Android phone and an iPhone; his app is closed on both');

  const caller = new Carillon({ url, token: alice });
  await caller.connect();
  step('Alice', 'is connected');
  startClock();
  step('Alice', 'calls Bob and sends her offer along');
  const call = await caller.ring([`bob-${run}`], { video: true, offer: OFFER, id: `demo-${run}` });
  const hears = awaited.event(call, 'ringing');

  const [viaFcm, viaApns] = await Promise.all([pushed(url, android, 'call.ring'), pushed(url, iphone, 'call.ring')]);
  step('FCM', 'receives a data message for the Android phone', viaFcm);
  step('APNs', 'receives a VoIP push for the iPhone', viaApns);
  expect(viaApns.headers['apns-push-type'], 'voip', 'the push type');

  const push = readPush(viaApns.body, { userId: `bob-${run}` });
  if (push.kind !== 'ring') throw new Error(`the push says ${push.kind}`);
  const phone = await Carillon.fromPush(push, { url });
  step('Bob’s iPhone', 'wakes up and connects with the wake token from the push');
  const seconds = Math.round(((phone.snapshot.ringExpiresAt ?? 0) - Date.now()) / 1000);
  step('Bob’s iPhone', `rings, for ${seconds} seconds at most`);
  expect(sdpOf(await awaited.signal(phone, 'offer')), OFFER, 'the offer that waited');
  step('Bob’s iPhone', 'receives the offer that waited for it');
  await hears;
  step('Alice', 'hears that his phone is ringing');

  step('Bob’s iPhone', 'answers');
  const answer = awaited.signal(call, 'answer');
  expect((await phone.accept({ answer: ANSWER })).status, 'active', 'accepting');
  expect(sdpOf(await answer), ANSWER, 'the answer');
  step('Alice', 'receives his answer');
  const candidates = Promise.all([awaited.signal(call, 'candidates'), awaited.signal(phone, 'candidates')]);
  await Promise.all([call, phone].map((end) => end.send({ type: 'candidates', candidates: [CANDIDATE] })));
  await candidates;
  step('Both', 'have exchanged ICE candidates and can talk');

  const stop = await pushed(url, android, 'call.accepted');
  expect(stop.body.message.data.reason, 'answered_elsewhere', 'the reason of the stop');
  step('FCM', 'receives the stop for the Android phone, which falls silent', stop);

  step('Alice', 'hangs up');
  const ended = awaited.event(phone, 'ended');
  await call.hangUp();
  expect((await ended).reason, 'completed', 'how the call ended');
  step('Bob’s iPhone', 'learns that the call is over');
  caller.close();
}

/** The session description in a signal. */
const sdpOf = (one: Signal): string | undefined => (one.type === 'candidates' ? undefined : one.sdp);

let values: { verbose?: boolean | undefined; help?: boolean | undefined };
try {
  values = parseArgs({ options: { verbose: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(2);
}
if (values.help === true) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

process.stdout.write('The demo: Alice calls Bob, whose app is closed.\n');
const { url, stop } = await startStack().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
const timeline = startTimeline();
try {
  await play(url, timeline);
  process.stdout.write(
    `\n${timeline.text(values.verbose ?? false)}\n\nThe call worked. Play one yourself, with phones in the browser: npm run phones\n`,
  );
} catch (error) {
  process.stdout.write(`\n${timeline.text(true)}\n\n`);
  process.stdout.write(`The call did not work: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await stop();
}
