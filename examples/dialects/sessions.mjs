// Sessions, whose media goes over Agora: waits for an invitation and joins or, with --to, calls and ends the session.
//
//   node examples/dialects/sessions.mjs [--user bob] [--decline]
//   node examples/dialects/sessions.mjs --user alice --to bob [--talk 2]
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

let token;
let sessionId;

async function post(path, body = {}) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(STACK + path, { method: 'POST', headers, body: JSON.stringify(body) }).catch((error) =>
    finish(`sessions: no stack answers at ${STACK} (${error.cause?.code}): start one with npm start`, 1),
  );
  const answer = await response.json();
  if (!response.ok) finish(`sessions: ${path}: ${answer.statusCode} ${answer.message} (${answer.code})`, 1);
  return answer;
}

function finish(how, code = 0) {
  (code === 0 ? console.log : console.error)(how);
  process.exit(code);
}

/** PLACEHOLDER for Agora's SDK: joinChannelWithUserAccount(token, channelName, userAccount), then publish. */
function join({ channelName, userAccount, role }) {
  console.log(`${userAccount} joins the channel ${channelName} as ${role}`);
}

async function end() {
  if (sessionId) await post(`/api/v1/calls/session/${sessionId}/end`);
  finish('the session has ended: by this side');
}

// Your own backend gives a user their login token; the local stack gives one to everybody.
token = process.env.CARILLON_TOKEN ?? (await post('/v1/api/callStreams', { userId: user, name: user })).token;
const socket = io(`${STACK}/ws/calls`, { auth: { token } });

socket.once('connect', async () => {
  console.log(`${user} is connected`);
  if (!to) return;
  const { session, credential } = await post('/api/v1/calls/session', { recipientId: to, callType: 'VIDEO' });
  if (session.status === 'REJECTED') finish(`${to} is in another call`);
  sessionId = session.id;
  join(credential);
});
socket.on('call_invitation', async (invitation) => {
  if (invitation.sessionId === sessionId) return; // it comes again after a reconnect
  sessionId = invitation.sessionId;
  console.log(`${invitation.initiatorName ?? invitation.initiatorId} invites (${invitation.callType})`);
  if (!decline) return join((await post(`/api/v1/calls/session/${sessionId}/token`, { role: 'AUDIENCE' })).credential);
  await post(`/api/v1/calls/session/${sessionId}/decline`);
  finish('declined');
});
socket.on('call_answered', ({ userId }) => {
  if (!to) return; // on another phone of the recipient: stop ringing
  console.log(`${userId} has answered`);
  setTimeout(end, Number(talk) * 1000);
});
socket.on('call_ended', (ended) => ended.sessionId === sessionId && finish(`the session has ended: ${ended.reason}`));
socket.on('connect_error', ({ message, data }) => console.log(`cannot connect: ${data?.code ?? message}`));
process.once('SIGINT', end);
