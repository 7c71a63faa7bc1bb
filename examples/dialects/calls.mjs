// The dialect `calls`, with Socket.IO: waits for a call and answers it or, with --to, makes one and hangs up.
//
//   node examples/dialects/calls.mjs [--user bob] [--decline]
//   node examples/dialects/calls.mjs --user alice --to bob [--talk 2]
//
// Node 22 or newer and socket.io-client 4. CARILLON_URL says where the stack is; for a deployed one, CARILLON_TOKEN is
// the login token that your backend gave the user.

import { parseArgs } from 'node:util';
import { io } from 'socket.io-client';

const STACK = process.env.CARILLON_URL ?? 'http://127.0.0.1:8181';
const { user, to, talk, decline } = parseArgs({
  options: {
    user: { type: 'string', default: 'bob' },
    to: { type: 'string' },
    talk: { type: 'string', default: '2' }, // seconds
    decline: { type: 'boolean', default: false },
  },
}).values;

/** The local stack gives a token to everybody. */
async function mint() {
  const body = JSON.stringify({ userId: user, name: user });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${STACK}/v1/api/callStreams`, { method: 'POST', headers, body }).catch((error) =>
    finish(`calls: no stack answers at ${STACK} (${error.cause?.code}): start one with npm start`, 1),
  );
  return (await response.json()).token;
}

let peer = to; // who this user talks to
let socket;

function finish(how, code = 0) {
  (code === 0 ? console.log : console.error)(how);
  process.exit(code);
}

/** Ends the call, before its answer or after it. Only an acknowledged event has surely left. */
async function hangUp() {
  await socket.timeout(10_000).emitWithAck('endCall', { to: peer });
  finish('the call has ended: hung up');
}

// PLACEHOLDERS for an RTCPeerConnection: createOffer() or createAnswer(), and what onicecandidate brings.
const description = (type) => ({ type, sdp: `v=0\r\no=${user} 1 1 IN IP4 127.0.0.1\r\ns=-\r\n` });
const candidate = { candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host', sdpMid: '0', sdpMLineIndex: 0 };

socket = io(STACK, { auth: { token: process.env.CARILLON_TOKEN ?? (await mint()) } });

socket.once('connect', () => {
  console.log(`${user} is connected`);
  if (!to) return;
  socket.emit('callUser', { to, signalData: description('offer'), callType: 'video' });
  socket.emit('iceCandidate', { to, candidate });
});
socket.on('incomingCall', async ({ from, fromName, callType }) => {
  console.log(`${fromName ?? from} calls (${callType})`);
  peer = from;
  if (!decline) {
    socket.emit('answerCall', { to: from, signalData: description('answer') });
    return socket.emit('iceCandidate', { to: from, candidate });
  }
  await socket.timeout(10_000).emitWithAck('rejectCall', { to: from });
  finish('declined');
});
socket.on('callAccepted', ({ type }) => {
  console.log(`${to} has accepted, with an ${type}`); // here: setRemoteDescription()
  setTimeout(hangUp, Number(talk) * 1000);
});
socket.on('iceCandidate', ({ from }) => console.log(`got a candidate of ${from}`)); // here: addIceCandidate()
socket.on('callRejected', () => finish(`${to} has declined, or is in another call`));
socket.on('callEnded', () => finish('the call has ended'));
socket.on('error', ({ message, code }) => finish(`calls: ${message} (${code})`, 1));
socket.on('connect_error', ({ message, data }) => console.log(`cannot connect: ${data?.code ?? message}`));
process.once('SIGINT', hangUp);
