// A caller: rings a user with an offer, hears what becomes of it, talks for a while and hangs up. Ctrl-C hangs up at once.
//
//   node examples/node/caller.mjs [--user alice] [--to bob] [--talk 2]
//
// Node 22 or newer, no packages. CARILLON_URL says where the stack is; for a deployed one, whose WebSocket API has an
// address of its own, CARILLON_WS_URL, and in CARILLON_TOKEN the login token that your backend gave the user.

import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const STACK = process.env.CARILLON_URL ?? 'http://127.0.0.1:8181';
const SOCKETS = process.env.CARILLON_WS_URL ?? `${STACK.replace(/^http/, 'ws')}/ws`;
const { user, to, talk } = parseArgs({
  options: {
    user: { type: 'string', default: 'alice' },
    to: { type: 'string', default: 'bob' },
    talk: { type: 'string', default: '2' }, // seconds
  },
}).values;

// Chosen here, so that a ring that is sent again is the same call and rings nobody twice.
const call_id = crypto.randomUUID();
const call_cid = `default:${call_id}`;

const greeted = Promise.withResolvers(); // the first `user.connected`
const answered = Promise.withResolvers(); // the callee's answer
const answers = new Map(); // commands that wait for their answer, by frame id
const candidatesSeen = new Set();

let token; // the login token
let socket = Promise.withResolvers(); // the open one
let version = 0; // of the call, as far as this side has heard
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

async function ring() {
  const { ice_servers } = await greeted.promise;
  console.log(`connected, with ${ice_servers.length} ICE server(s)`);
  // PLACEHOLDER for an RTCPeerConnection with these servers: createOffer(), then setLocalDescription().
  const offer = { type: 'offer', sdp: 'v=0\r\no=caller 1 1 IN IP4 127.0.0.1\r\ns=-\r\n' };
  // Refused with `glare`, `to` is ringing this user right now: an app accepts that call, which comes with the refusal.
  const { call } = await ask({ type: 'call.ring', call_id, members: [{ user_id: to }], video: true, offer });
  console.log(`ringing ${to} until ${call.ring_expires_at}`);
  // The end of the ring is told within 2 s of it. Whoever has heard nothing by then looks for themselves.
  setTimeout(look, Date.parse(call.ring_expires_at) - Date.now() + 5000).unref();
  // PLACEHOLDER for what onicecandidate brings. Frames may overtake each other: `seq` numbers them, from 1.
  const candidate = (port) => ({ candidate: `candidate:1 1 UDP 2122252543 192.0.2.1 ${port} typ host`, sdpMid: '0' });
  await send({ type: 'ice.candidate', call_cid, seq: 1, candidates: [candidate(54321), candidate(54323)] });
  await send({ type: 'ice.candidate', call_cid, seq: 2, candidates: [candidate(54325)] });
}

const handlers = {
  'user.connected': greeted.resolve,
  'call.ringing': () => console.log(`a phone of ${to} really rings`),
  'call.unreachable': ({ reason }) =>
    console.log(`no phone of ${to} can be rung now (${reason}); one may still connect`),
  'call.accepted': () => {
    console.log(`${to} has accepted`);
    setTimeout(hangUp, Number(talk) * 1000).unref();
  },
  'call.rejected': ({ reason }) => console.log(reason === 'busy' ? `${to} is in another call` : `${to} has declined`),
  'call.missed': () => console.log(`${to} has not answered`),
  'call.ended': ({ reason }) => finish(reason),
  'sdp.answer': ({ sdp }) => {
    console.log('got the answer');
    answered.resolve(sdp); // here: setRemoteDescription({ type: 'answer', sdp })
  },
  'ice.candidate': async ({ seq, candidate, candidates = [candidate] }) => {
    if (seq !== undefined && candidatesSeen.has(seq)) return; // what has waited comes again after a reconnection
    candidatesSeen.add(seq);
    await answered.promise; // a candidate may come before the answer
    // Here: addIceCandidate() for each of them
    console.log(`got ${candidates.length} candidate(s) of the callee`);
  },
};

function onFrame(frame) {
  if (frame.call_cid !== undefined && frame.call_cid !== call_cid) return; // of another call of this user
  if (frame.version < version) return; // a newer event has overtaken this one
  version = frame.version ?? version;
  answers.get(frame.id)?.(frame);
  handlers[frame.type]?.(frame);
}

/** Looks how the call stands, where events may have been missed. */
async function look() {
  try {
    const { call } = await rest('GET', `/api/v2/video/call/default/${call_id}`, token);
    if (call.status === 'ended') finish(call.ended_reason);
  } catch (error) {
    fail(error);
  }
}

/** Ends the call for both: a cancel where nobody has accepted yet. */
async function hangUp() {
  try {
    const { call } = await ask({ type: 'call.end', call_cid });
    finish(call.ended_reason);
  } catch (error) {
    if (error.code === 'call_ended') finish(error.call.ended_reason);
    else fail(error);
  }
}

/** Opens a socket; while the call lasts, one that closes is followed by another: after 20 s without one, one has left. */
function connect(tries = 0) {
  let wasOpen = false;
  const opening = new WebSocket(SOCKETS, ['carillon', `bearer.${token}`]);
  // A socket that is silent for 10 minutes, or two hours old, is closed by the other side.
  const ping = setInterval(() => opening.send('{"type":"ping"}'), 4 * 60_000);
  const renew = setTimeout(() => opening.close(), 110 * 60_000);
  opening.onmessage = ({ data }) => onFrame(JSON.parse(data));
  opening.onopen = async () => {
    wasOpen = true;
    socket.resolve(opening);
    if (version > 0) await look(); // the end may have come while there was no socket
  };
  opening.onclose = () => {
    clearInterval(ping);
    clearTimeout(renew);
    if (over) return;
    if (wasOpen) socket = Promise.withResolvers();
    if (tries === 5)
      return fail(new Error(`no socket can be opened at ${SOCKETS}: is the stack there, and the token good?`));
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
      throw Object.assign(new Error(`${command.type}: ${message} (${code})`), { code, call: answer.call });
    }
  }
  throw new Error(`${command.type} was not answered`);
}

function finish(reason) {
  if (over) return;
  over = true;
  console.log(`the call has ended: ${reason}`);
  close();
}

function fail({ message }) {
  if (over) return;
  over = true;
  console.error(`caller: ${message}`);
  process.exitCode = 1;
  close();
}

const close = () => socket.promise.then((open) => open.close());

process.once('SIGINT', hangUp);
try {
  // Your own backend gives a user their login token; the local stack gives one to everybody.
  const mint = () => rest('POST', '/v1/api/callStreams', undefined, { userId: user, name: user });
  token = process.env.CARILLON_TOKEN ?? (await mint()).token;
  connect();
  await ring();
} catch (error) {
  fail(error);
}
