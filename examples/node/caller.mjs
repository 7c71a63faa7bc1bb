// A caller: rings a user with an offer, hears what becomes of it, talks for a while and hangs up. Ctrl-C hangs up at once.
//
//   node examples/node/caller.mjs [--user alice] [--to bob] [--talk 2]
//
// Node 22 or newer, with @carillon/client. CARILLON_URL says where the stack is; for a deployed one CARILLON_TOKEN is the
// login token that your backend gave the user, and CARILLON_WS_URL its WebSocket if that has an address of its own.

import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Carillon } from '@carillon/client';

const url = process.env.CARILLON_URL ?? 'http://127.0.0.1:8181';
const { user, to, talk } = parseArgs({
  options: {
    user: { type: 'string', default: 'alice' },
    to: { type: 'string', default: 'bob' },
    talk: { type: 'string', default: '2' }, // seconds
  },
}).values;

/** Your own backend gives a user their login token; the local stack gives one to everybody. */
async function mint() {
  const response = await fetch(`${url}/v1/api/callStreams`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: user, name: user }),
  }).catch(({ cause, message }) => {
    throw new Error(`no stack answers at ${url} (${cause?.code ?? message}): start one with npm start`);
  });
  return (await response.json()).token;
}

async function run() {
  const socketUrl = process.env.CARILLON_WS_URL;
  const token = process.env.CARILLON_TOKEN ?? (await mint());
  const carillon = new Carillon({ url, token, ...(socketUrl && { socketUrl }) });
  const { ice_servers } = await carillon.connect();
  console.log(`connected, with ${ice_servers.length} ICE server(s)`);
  // PLACEHOLDERS for an RTCPeerConnection with these servers. In a browser, joinMedia() does all of it.
  const offer = 'v=0\r\no=caller 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';
  const candidate = (port) => ({ candidate: `candidate:1 1 UDP 2122252543 192.0.2.1 ${port} typ host`, sdpMid: '0' });

  // If `to` is ringing this user right now, ring() answers that call instead.
  const call = await carillon.ring([to], { video: true, offer });
  process.once('SIGINT', () => call.hangUp());
  console.log(`ringing ${to} until ${new Date(call.snapshot.ringExpiresAt).toISOString()}`);
  call.on('ringing', () => console.log(`a phone of ${to} really rings`));
  call.on('unreachable', ({ reason }) =>
    console.log(`no phone of ${to} can be rung now (${reason}); one may still connect`),
  );
  call.on('rejected', ({ reason }) =>
    console.log(reason === 'busy' ? `${to} is in another call` : `${to} has declined`),
  );
  call.on('accepted', async () => {
    console.log(`${to} has accepted`);
    await wait(Number(talk) * 1000, undefined, { ref: false });
    await call.hangUp();
  });
  call.on('signal', ({ type, candidates }) => {
    if (type === 'answer') console.log('got the answer'); // here: setRemoteDescription()
    if (type === 'candidates') console.log(`got ${candidates.length} candidate(s) of the callee`); // addIceCandidate()
  });
  call.on('ended', ({ reason }) => {
    console.log(`the call has ended: ${reason}`);
    carillon.close();
  });
  await call.send({ type: 'candidates', candidates: [candidate(54321), candidate(54323)] });
  await call.send({ type: 'candidates', candidates: [candidate(54325)] });
}

run().catch(({ message, code }) => {
  console.error(`caller: ${message}${code ? ` (${code})` : ''}`);
  process.exit(1);
});
