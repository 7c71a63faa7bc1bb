// REST as clients of Stream Video use it: waits for a ring and accepts or, with --to, rings and ends the call for all.
//
//   node examples/dialects/stream-style.mjs [--user bob] [--decline]
//   node examples/dialects/stream-style.mjs --user alice --to bob [--talk 2]
//
// Node 22 or newer. CARILLON_URL names the stack, for a deployed one CARILLON_TOKEN is the login. More in ../node.

import { parseArgs } from 'node:util';

const STACK = process.env.CARILLON_URL ?? 'http://127.0.0.1:8181';
const { user, to, talk, decline } = parseArgs({
  options: {
    user: { type: 'string', default: 'bob' },
    to: { type: 'string' },
    talk: { type: 'string', default: '2' }, // seconds
    decline: { type: 'boolean', default: false },
  },
}).values;

let token;
let id = to && crypto.randomUUID(); // of the call

async function post(path, body = {}) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: token }) };
  const request = { method: 'POST', headers: { ...headers, 'stream-auth-type': 'jwt' }, body: JSON.stringify(body) };
  const response = await fetch(STACK + path, request).catch((error) =>
    finish(`stream-style: no stack answers at ${STACK} (${error.cause?.code}): start one with npm start`, 1),
  );
  const answer = await response.json();
  if (response.ok || answer.code === 'call_ended') return answer; // an event says how it has ended
  return finish(`stream-style: ${path}: ${response.status} ${answer.detail}`, 1);
}
const call = (action, body) => post(`/api/v2/video/call/default/${id}${action}`, body);
const endForAll = () => call('/leave', { end_call: true });

function finish(how, code = 0) {
  (code === 0 ? console.log : console.error)(how);
  process.exit(code);
}

// PLACEHOLDERS for an RTCPeerConnection: createOffer() or createAnswer(), and what onicecandidate brings.
const description = (type) => ({ type, sdp: `v=0\r\no=${user} 1 1 IN IP4 127.0.0.1\r\ns=-\r\n` });
const candidate = { candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host', sdpMid: '0', sdpMLineIndex: 0 };

const handlers = {
  'call.ring': async (event) => {
    id = event.call_cid.split(':')[1];
    console.log(`rung by ${event.call.created_by.name}`);
    await call(decline ? '/reject' : '/accept');
    if (decline) finish('declined');
  },
  'call.accepted': async (event) => {
    if (!to) return;
    console.log(`${event.user.name} has accepted`);
    await call('/sdp/offer', description('offer'));
    await call('/ice', candidate);
  },
  'sdp.offer': () => call('/sdp/answer', description('answer')), // after setRemoteDescription()
  'sdp.answer': () => {
    console.log('got the answer'); // here: setRemoteDescription()
    setTimeout(endForAll, Number(talk) * 1000);
  },
  'ice.candidate': () => console.log('got a candidate'), // here: addIceCandidate()
  'call.ended': (event) => finish(`the call has ended: ${event.reason}`),
};

// Your own backend gives a user their login token; the local stack gives one to everybody.
token = process.env.CARILLON_TOKEN ?? (await post('/v1/api/callStreams', { userId: user, name: user })).token;
const { me, connection } = await post('/api/v2/connect');
await post('/api/v2/devices', { id: `fcm-token-of-${user}`, push_provider: 'firebase', user_id: me.id }); // PLACEHOLDER
const socket = new WebSocket(`${connection.url}?token=${token}`);
socket.onmessage = ({ data }) => handlers[JSON.parse(data).type]?.(JSON.parse(data));
socket.onclose = () => finish('stream-style: the socket was closed', 1);
socket.onopen = async () => {
  console.log(`${me.name} is connected`);
  if (to) await call('', { members: [{ user_id: user }, { user_id: to }], ring: true, data: { created_by_id: me.id } });
  if (to) await call('/ring', { ring: true });
};
process.once('SIGINT', endForAll);
