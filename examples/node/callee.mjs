// A callee: a phone whose app is closed is woken by the push of a ring, and answers; with --decline it turns the call down.
//
//   node examples/node/callee.mjs [--user bob] [--decline]
//
// Node 22 or newer, no packages. CARILLON_URL says where the stack is. It must be the local one, whose push services can
// be asked what they would have brought to a phone.

import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const STACK = process.env.CARILLON_URL ?? 'http://127.0.0.1:8181';
const { user, decline } = parseArgs({
  options: { user: { type: 'string', default: 'bob' }, decline: { type: 'boolean', default: false } },
}).values;

const pushToken = `push-token-of-${user}`; // on a phone the FCM SDK gives it
const rung = new Set(); // the ring ids that this phone has rung for
const silenced = new Set(); // and those that it must not ring for
const ringing = new AbortController(); // aborted when the phone falls silent, with the reason
const answers = new Map(); // commands that wait for their answer, by frame id
const candidatesSeen = new Set();
const early = []; // candidates that came before the offer

let token; // opens the socket: at first the wake token
let socket = Promise.withResolvers(); // the open one
let version = 0; // of the call, as far as this phone has heard
let offer; // the caller's
let accepted = false;
let over = false;

async function rest(method, path, bearer, body) {
  const response = await fetch(STACK + path, {
    method,
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  }).catch(({ cause, message }) => {
    throw new Error(`no stack answers at ${STACK} (${cause?.code ?? message}): start one with npm start`);
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.detail ?? answer.message}`);
  return answer;
}

/** STANDS IN FOR ANDROID, which hands each push to the app's onMessageReceived. A real app has no such loop. */
async function* pushesFromTheSystem(earlier) {
  for (let seen = earlier; !over; await wait(200)) {
    const { pushes } = await rest('GET', `/_local/pushes?token=${pushToken}`);
    for (; seen < pushes.length; seen += 1) yield pushes[seen].body.message.data;
  }
}

/** Pushes come late, twice, in any order, and for whoever was logged in on this phone before. */
function onPush(push) {
  if (push.receiver_id !== user) return;
  if (push.type !== 'call.ring') {
    silenced.add(push.ring_id); // its own ring may come after it
    if (rung.has(push.ring_id)) ringing.abort(push.reason);
    return;
  }
  if (rung.has(push.ring_id) || silenced.has(push.ring_id) || Date.now() >= Number(push.expires_at)) return;
  rung.add(push.ring_id);
  onRing(push).catch((error) => (TOO_LATE.has(error.code) ? finish(`too late: ${error.code}`) : fail(error)));
}

const TOO_LATE = new Set(['call_ended', 'already_answered', 'not_ringing', 'not_allowed']);

/** The wake token is all that a woken phone needs: the app's own login may have expired long ago. */
async function onRing({ call_cid, call_type, call_id, created_by_name, expires_at, wake_token }) {
  console.log(`woken by a push: ${created_by_name} calls`);
  if (decline) {
    await rest('POST', `/api/v2/video/call/${call_type}/${call_id}/reject`, wake_token, { reason: 'decline' });
    return finish('declined, with one HTTPS request and no socket');
  }
  token = wake_token;
  connect();
  await ask({ type: 'call.ringing', call_cid }); // now the caller hears that it rings
  console.log(`ringing until ${new Date(Number(expires_at)).toISOString()}`);

  const deadline = AbortSignal.timeout(Math.max(0, Number(expires_at) - Date.now()));
  try {
    // One second later somebody touches “answer”, unless the phone falls silent before.
    await wait(1000, undefined, { signal: AbortSignal.any([ringing.signal, deadline]) });
  } catch {
    return finish(`fell silent: ${ringing.signal.reason ?? 'nobody answered in time'}`);
  }
  accepted = true;
  const { call_token } = await ask({ type: 'call.accept', call_cid, ...(offer && { answer: answerTo(offer) }) });
  token = call_token; // reconnects for the rest of the call, long after the wake token has expired
  console.log(offer ? 'accepted, with an answer' : 'accepted; an offer is answered by sdp.answer when it comes');
  // PLACEHOLDER for what onicecandidate brings. Frames may overtake each other: `seq` numbers them, from 1.
  const candidate = 'candidate:1 1 UDP 2122252543 192.0.2.2 54322 typ host';
  await send({ type: 'ice.candidate', call_cid, seq: 1, candidates: [{ candidate, sdpMid: '0', sdpMLineIndex: 0 }] });
}

/** PLACEHOLDER for an RTCPeerConnection: setRemoteDescription(the offer), then createAnswer(). */
function answerTo(_offer) {
  return { type: 'answer', sdp: 'v=0\r\no=callee 1 1 IN IP4 127.0.0.1\r\ns=-\r\n' };
}

/** PLACEHOLDER for addIceCandidate() with each of them. */
function addCandidates(candidates) {
  console.log(`got ${candidates.length} candidate(s) of the caller`);
}

const handlers = {
  'user.connected': ({ ice_servers, call_token }) => {
    token = call_token ?? token;
    // Here: new RTCPeerConnection({ iceServers: ice_servers })
    console.log(`connected, with ${ice_servers.length} ICE server(s)`);
  },
  'sdp.offer': ({ sdp }) => {
    if (offer) return; // what has waited comes again after a reconnection
    offer = sdp;
    console.log('got the offer that had waited');
    early.splice(0).forEach(addCandidates);
  },
  'ice.candidate': ({ seq, candidate, candidates = [candidate] }) => {
    if (seq !== undefined && candidatesSeen.has(seq)) return;
    candidatesSeen.add(seq);
    if (offer) addCandidates(candidates);
    else early.push(candidates);
  },
  'call.accepted': () => accepted || ringing.abort('answered elsewhere'),
  'call.rejected': () => ringing.abort('declined elsewhere'),
  'call.cancelled': () => ringing.abort('cancelled'),
  'call.missed': () => ringing.abort('missed'),
  'call.ended': ({ reason }) => (accepted ? finish(`the call has ended: ${reason}`) : ringing.abort(reason)),
};

function onFrame(frame) {
  if (frame.version < version) return; // a newer event has overtaken this one
  version = frame.version ?? version;
  answers.get(frame.id)?.(frame);
  handlers[frame.type]?.(frame);
}

/** Opens a socket; while the call lasts, one that closes is followed by another: after 20 s without one, one has left. */
function connect(tries = 0) {
  let wasOpen = false;
  const opening = new WebSocket(`${STACK.replace(/^http/, 'ws')}/ws`, ['carillon', `bearer.${token}`]);
  // A socket that is silent for 10 minutes, or two hours old, is closed by the other side.
  const ping = setInterval(() => opening.send('{"type":"ping"}'), 4 * 60_000);
  const renew = setTimeout(() => opening.close(), 110 * 60_000);
  opening.onmessage = ({ data }) => onFrame(JSON.parse(data));
  opening.onopen = () => {
    wasOpen = true;
    socket.resolve(opening);
  };
  opening.onclose = () => {
    clearInterval(ping);
    clearTimeout(renew);
    if (over) return;
    if (wasOpen) socket = Promise.withResolvers();
    if (tries === 5)
      return fail(new Error(`no socket can be opened at ${STACK}: is the stack there, and the token good?`));
    setTimeout(connect, 500 * (tries + Math.random()), wasOpen ? 0 : tries + 1);
  };
}

async function send(frame) {
  (await socket.promise).send(JSON.stringify(frame));
}

/** Sends a command until it is answered, each time with the same ids: what was done already is not done twice. */
async function ask(command) {
  const id = crypto.randomUUID();
  for (let tries = 0; tries < 5; tries += 1) {
    const { promise, resolve } = Promise.withResolvers();
    answers.set(id, resolve);
    await send({ ...command, id });
    const answer = await Promise.race([promise, wait(3000, undefined, { ref: false })]);
    if (answer?.type === 'response') return answer;
    if (answer && answer.error.code !== 'contended') {
      const { code, message } = answer.error;
      throw Object.assign(new Error(`${command.type}: ${message} (${code})`), { code });
    }
  }
  throw new Error(`${command.type} was not answered`);
}

function finish(how) {
  if (over) return;
  over = true;
  console.log(how);
  close();
}

function fail({ message }) {
  if (over) return;
  over = true;
  console.error(`callee: ${message}`);
  process.exitCode = 1;
  close();
}

const close = () => socket.promise.then((open) => open.close());

try {
  // Your own backend gives a user their login token; the local stack gives one to everybody.
  const { token: login } = await rest('POST', '/v1/api/callStreams', undefined, { userId: user, name: user });
  await rest('POST', '/api/v2/devices', login, { id: pushToken, push_provider: 'firebase', hardware_id: 'pixel' });
  const { pushes } = await rest('GET', `/_local/pushes?token=${pushToken}`); // those of earlier runs
  console.log(`${user}’s phone is registered; its app is closed`);
  for await (const push of pushesFromTheSystem(pushes.length)) onPush(push);
} catch (error) {
  fail(error);
}
