// A callee: a phone whose app is closed is woken by the push of a ring, and answers; with --decline it turns the call down.
//
//   node examples/node/callee.mjs [--user bob] [--decline]
//
// Node 22 or newer, with @carillon/client. CARILLON_URL says where the stack is. It must be the local one, whose push
// services can be asked what they would have brought to a phone.

import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Carillon } from '@carillon/client';
import { declinePush, readPush } from '@carillon/client/push';

const url = process.env.CARILLON_URL ?? 'http://127.0.0.1:8181';
const { user, decline } = parseArgs({
  options: { user: { type: 'string', default: 'bob' }, decline: { type: 'boolean', default: false } },
}).values;

const pushToken = `push-token-of-${user}`; // on a phone the FCM SDK gives it
let silence = () => {}; // stops the ringtone

async function json(path, init) {
  const response = await fetch(url + path, init).catch(({ cause, message }) => {
    throw new Error(`no stack answers at ${url} (${cause?.code ?? message}): start one with npm start`);
  });
  return await response.json();
}

/** STANDS IN FOR ANDROID, which hands each push to the app. A real app has no such loop. */
async function* pushesFromTheSystem(earlier) {
  for (let seen = earlier; ; await wait(200)) {
    const { pushes } = await json(`/_local/pushes?token=${pushToken}`);
    for (; seen < pushes.length; seen += 1) yield pushes[seen].body.message.data;
  }
}

/** Pushes come late, twice, in any order, and for whoever was logged in on this phone before: readPush() tells. */
async function onPush(data) {
  const pushed = readPush(data, { userId: user });
  if (pushed.kind === 'stop') silence(pushed.reason);
  if (pushed.kind !== 'ring') return false;
  console.log(`woken by a push: ${pushed.call.callerName} calls`);
  if (decline) {
    await declinePush(pushed, { url });
    console.log('declined, with one HTTPS request and no socket');
  } else await answer(pushed);
  return true;
}

/** The push is all that a woken phone needs: the app's own login may have expired long ago. */
async function answer(pushed) {
  const call = await Carillon.fromPush(pushed, { url });
  console.log(`connected, with ${(await call.iceServers()).length} ICE server(s)`);
  const ended = new Promise((resolve) => call.on('ended', resolve));
  const got = Promise.withResolvers();
  call.on('signal', ({ type, candidates }) => {
    if (type === 'offer') {
      console.log('got the offer that had waited');
      got.resolve(); // here: setRemoteDescription()
    } else if (type === 'candidates') console.log(`got ${candidates.length} candidate(s) of the caller`);
  });
  console.log(`ringing until ${new Date(pushed.call.expiresAt).toISOString()}`);
  // One second later somebody touches “answer”, unless the phone falls silent before.
  const silent = new Promise((resolve) => {
    silence = (reason) => resolve({ reason });
  });
  const over = await Promise.race([ended, silent, wait(1000)]);
  if (over) return console.log(`fell silent: ${over.reason}`);
  const { status, reason } = await call.accept();
  if (status !== 'active') return console.log(`too late: ${reason}`);
  await got.promise;
  console.log('accepted, with an answer');
  // PLACEHOLDERS for an RTCPeerConnection. Where there is one, joinMedia() does all of it.
  await call.send({ type: 'answer', sdp: 'v=0\r\no=callee 1 1 IN IP4 127.0.0.1\r\ns=-\r\n' });
  const candidate = 'candidate:1 1 UDP 2122252543 192.0.2.2 54322 typ host';
  await call.send({ type: 'candidates', candidates: [{ candidate, sdpMid: '0', sdpMLineIndex: 0 }] });
  console.log(`the call has ended: ${(await ended).reason}`);
}

async function run() {
  // Your own backend gives a user their login token; the local stack gives one to everybody.
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ userId: user, name: user });
  const { token } = await json('/v1/api/callStreams', { method: 'POST', headers, body });
  const phone = new Carillon({ url, token, hardwareId: 'pixel' });
  await phone.registerDevice({ id: pushToken, push_provider: 'firebase' });
  const { pushes } = await json(`/_local/pushes?token=${pushToken}`); // those of earlier runs
  console.log(`${user}’s phone is registered; its app is closed`);
  for await (const push of pushesFromTheSystem(pushes.length)) if (await onPush(push)) return;
}

run().catch(({ message, code }) => {
  console.error(`callee: ${message}${code ? ` (${code})` : ''}`);
  process.exit(1);
});
