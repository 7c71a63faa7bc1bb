// Meets whoever is in a room, and offers a peer connection to everybody who was there first.
//
//   node examples/node/room.mjs [--user alice] [--room standup] [--stay 10]
//
// Node 22 or newer, and the package ws. CARILLON_URL says where the stack is; a deployed one needs a CARILLON_TOKEN.

import { parseArgs } from 'node:util';
import WebSocket from 'ws';

const STACK = process.env.CARILLON_URL ?? 'http://127.0.0.1:8181';
const text = (value) => ({ type: 'string', default: value });
const { user, room, stay } = parseArgs({
  options: { user: text('alice'), room: text('standup'), stay: text('10') },
}).values;

async function rest(path, options) {
  const response = await fetch(STACK + path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.detail ?? answer.message}`);
  return answer;
}

const login = { method: 'POST', body: JSON.stringify({ userId: user, name: user }) };
const token = process.env.CARILLON_TOKEN ?? (await rest('/v1/api/callStreams', login)).token;
const { ice_servers } = await rest('/webrtc/config', { headers: { authorization: `Bearer ${token}` } });
console.log(`${ice_servers.length} ICE server(s)`); // for new RTCPeerConnection({ iceServers: ice_servers, … })
const socket = new WebSocket(`${STACK.replace(/^http/, 'ws')}/webrtc/ws/${encodeURIComponent(room)}?token=${token}`);
const send = (type, payload) => socket.send(JSON.stringify({ type, payload, room_id: room }));

const described = new Set(); // whose description is set
const early = new Map(); // candidates that came before it, by sender
/** setRemoteDescription: only now may candidates of the sender be added. */
function describe({ sender_id }) {
  described.add(sender_id);
  for (const candidate of early.get(sender_id) ?? []) addCandidate(candidate);
}

function addCandidate({ sender_id, candidate }) {
  console.log(candidate ? `got a candidate of ${sender_id}` : `${sender_id} has no more candidates`);
}
/** STANDS IN FOR onicecandidate. */
function trickle(target_user_id) {
  for (const candidate of ['candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host', ''])
    send('ice_candidate', { candidate, sdp_mid: '0', sdp_m_line_index: 0, target_user_id });
}

const ON = {
  room_state({ participants }) {
    const others = participants.map(({ user_id }) => user_id).filter((id) => id !== user);
    console.log(others.length > 0 ? `in ${room} with ${others.join(', ')}` : `alone in ${room}`);
    for (const target_user_id of others) send('offer', { type: 'offer', sdp: 'v=0\r\n', target_user_id });
  },
  user_joined: ({ username }) => console.log(`${username} has come`),
  user_left({ user_id, username }) {
    described.delete(user_id);
    console.log(`${username} has gone`);
  },
  offer(payload) {
    describe(payload);
    send('answer', { type: 'answer', sdp: 'v=0\r\n', target_user_id: payload.sender_id });
    trickle(payload.sender_id);
  },
  answer(payload) {
    console.log(`${payload.sender_id} has answered`);
    describe(payload);
    trickle(payload.sender_id);
  },
  ice_candidate(payload) {
    if (described.has(payload.sender_id)) return addCandidate(payload);
    early.set(payload.sender_id, [...(early.get(payload.sender_id) ?? []), payload]);
  },
  error: ({ code, message }) => console.log(`refused: ${code}: ${message}`),
};
socket.on('message', (frame) => {
  const { type, payload } = JSON.parse(frame);
  ON[type]?.(payload); // whatever else there is, such as keep_alive, says nothing
});
socket.on('open', () => setTimeout(() => socket.close(), Number(stay) * 1000));
socket.on('close', () => console.log('left'));
