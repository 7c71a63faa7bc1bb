// The dialect `video`, with Socket.IO: waits for a call and answers it or, with --to, makes one and hangs up.
//
//   node examples/dialects/video.mjs [--user bob] [--decline]
//   node examples/dialects/video.mjs --user alice --to bob [--talk 2]
//
// Node 22 or newer and socket.io-client 4. CARILLON_URL says where the stack is; for a deployed one, CARILLON_TOKEN is
// the login token that your backend gave the user. The local stack believes `join` without a token.

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

const token = process.env.CARILLON_TOKEN;
const socket = io(STACK, { path: '/video-socket', transports: ['websocket'], ...(token && { auth: { token } }) });

let peer = to; // who this user talks to
let iceServers;

function finish(how, code = 0) {
  (code === 0 ? console.log : console.error)(how);
  process.exit(code);
}

/** Ends the call, before its answer or after it. Only an acknowledged event has surely left. */
async function hangUp() {
  await socket.timeout(10_000).emitWithAck('end_call', { toUserId: peer });
  finish('the call has ended: hung up');
}

// PLACEHOLDERS for an RTCPeerConnection: createOffer() or createAnswer(), and what onicecandidate brings.
const description = (type) => ({ type, sdp: `v=0\r\no=${user} 1 1 IN IP4 127.0.0.1\r\ns=-\r\n` });
const candidate = { candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host', sdpMid: '0', sdpMLineIndex: 0 };

socket.on('connect', () => socket.emit('join', user)); // also after a reconnect
socket.on('ice_config', (servers) => {
  const isFirst = iceServers === undefined;
  iceServers = servers; // here: new RTCPeerConnection({ iceServers }), for each call
  if (!isFirst) return;
  console.log(`${user} is connected, with ${servers.length} ICE server(s)`);
  if (!to) return;
  socket.emit('call_user', { toUserId: to, offer: description('offer') });
  socket.emit('ice_candidate', { toUserId: to, candidate });
});
socket.on('incoming_call', async ({ fromUserId, fromName, callType }) => {
  console.log(`${fromName ?? fromUserId} calls (${callType})`);
  peer = fromUserId;
  if (!decline) {
    socket.emit('answer_call', { toUserId: peer, answer: description('answer') });
    return socket.emit('ice_candidate', { toUserId: peer, candidate });
  }
  await socket.timeout(10_000).emitWithAck('reject_call', { toUserId: peer });
  finish('declined');
});
socket.on('call_answered', ({ fromUserId, answer }) => {
  console.log(`${fromUserId} has accepted, with an ${answer.type}`); // here: setRemoteDescription()
  setTimeout(hangUp, Number(talk) * 1000);
});
socket.on('ice_candidate', ({ fromUserId }) => console.log(`got a candidate of ${fromUserId}`)); // addIceCandidate()
socket.on('call_rejected', ({ fromUserId, reason }) => finish(`${fromUserId} has declined: ${reason}`));
socket.on('call_ended', ({ reason }) => finish(`the call has ended: ${reason}`));
socket.on('error', ({ message, code }) => finish(`video: ${message} (${code})`, 1));
socket.on('connect_error', ({ message, data }) => {
  if (socket.active) console.log(`cannot connect to ${STACK} (${message}); trying again`);
  else finish(`video: ${message} (${data?.code})`, 1);
});
process.once('SIGINT', hangUp);
