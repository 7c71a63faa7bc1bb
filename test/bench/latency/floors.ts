import { nowMs } from '../clock.ts';
import type { BareClients } from './bare-clients.ts';
import type { Sample } from './samples.ts';
import { fresh, type Scenery, succeeded } from './scenery.ts';
import { SDP, SIGNALS } from './signals.ts';

// The floor of a latency: the requests that any correct design must make for it, in sequence unless they may run in
// parallel, by bare clients of the same services, without gateway, functions or code of the product. Where the stack plays
// AWS, a frame also has to come to a function before that.

/** The bytes of the rows, about as many as the product's. */
const BYTES = { claim: 150, call: 1200, device: 350, pushRecord: 200, connection: 250, signal: 2200 } as const;

type Floor = (clients: BareClients, scenery: Scenery) => Promise<readonly Sample[]>;

/** Two claims side by side, the call; one queue hop; one query, one claim of the pushes, one request to FCM and APNs each. */
const ringToPush: Floor = async (clients, scenery) => {
  const { table, push } = clients;
  const [call, callee] = [`CALL#${fresh('floor')}`, `USER#${fresh('floor')}`];
  const [android, iphone] = [fresh('android'), fresh('iphone')];
  for (const device of [android, iphone]) await table.put([callee, `DEVICE#${device}`], BYTES.device);
  const hop = hopOver(clients);
  const from = nowMs();
  await clients.inbound();
  await claimBoth(clients, callee);
  await table.create([call, 'CALL'], BYTES.call);
  const hopped = await hop();
  await table.query(callee, 'DEVICE#');
  await table.change([call, 'PUSH'], 'claimed');
  await Promise.all([push.fcm(android), push.apns(iphone)]);
  await hopped.delete();
  const [viaFcm, viaApns] = await Promise.all([scenery.push(android, 1), scenery.push(iphone, 1)]);
  const [fcm, apns] = [viaFcm.monotonic_ms - from, viaApns.monotonic_ms - from];
  return [
    { figure: 'ring_to_push', ms: Math.max(fcm, apns) },
    { figure: 'ring_to_push_fcm', ms: fcm },
    { figure: 'ring_to_push_apns', ms: apns },
  ];
};

/** Two claims side by side, the call, one post. */
const ringToEvent: Floor = async (clients) => {
  const [call, callee] = [`CALL#${fresh('floor')}`, `USER#${fresh('floor')}`];
  const from = nowMs();
  await clients.inbound();
  await claimBoth(clients, callee);
  await clients.table.create([call, 'CALL'], BYTES.call);
  return [{ figure: 'ring_to_event', ms: (await posted(clients, { filling: 'x'.repeat(BYTES.call) })) - from }];
};

/** One change of the call; one queue hop, one change of the push record and one request to FCM for the push, one post for the event. */
const acceptToSilence: Floor = async (clients, scenery) => {
  const { table, push } = clients;
  const call = `CALL#${fresh('floor')}`;
  const android = fresh('android');
  await table.put([call, 'CALL'], BYTES.call);
  await table.put([call, 'PUSH'], BYTES.pushRecord);
  const hop = hopOver(clients);
  const from = nowMs();
  await clients.inbound();
  await table.change([call, 'CALL'], 'accepted');
  const hopped = await hop();
  await table.change([call, 'PUSH'], 'stopped');
  await push.fcm(android);
  await hopped.delete();
  const stop = await scenery.push(android, 1);
  return [{ figure: 'accept_to_silence', ms: stop.monotonic_ms - from }];
};

/** One change of the call, one post. */
const acceptToSilenceEvent: Floor = async (clients) => {
  const call = `CALL#${fresh('floor')}`;
  await clients.table.put([call, 'CALL'], BYTES.call);
  const from = nowMs();
  await clients.inbound();
  await clients.table.change([call, 'CALL'], 'accepted');
  const at = await posted(clients, { filling: 'x'.repeat(BYTES.call) });
  return [{ figure: 'accept_to_silence_event', ms: at - from }];
};

/** One read and one post, of the same signals. */
const signalRelay: Floor = async (clients, scenery) => {
  const call = `CALL#${fresh('floor')}`;
  await clients.table.put([call, 'CALL'], BYTES.call);
  const samples: Sample[] = [];
  for (const signal of SIGNALS) {
    await scenery.quiet();
    const from = nowMs();
    await clients.inbound();
    await clients.table.get([call, 'CALL']);
    samples.push({ figure: 'signal_relay', ms: (await posted(clients, { signal })) - from });
  }
  return samples;
};

/** The connection; one queue hop; the mark, the call and the mailbox side by side, three posts in order. */
const wakeToRing: Floor = async (clients) => {
  const { table } = clients;
  const [call, connection] = [`CALL#${fresh('floor')}`, `USER#${fresh('floor')}`];
  await table.put([call, 'CALL'], BYTES.call);
  await table.put([call, 'SIGNAL#1'], BYTES.signal);
  const hop = hopOver(clients);
  const from = nowMs();
  await clients.inbound();
  await table.put([connection, 'CONN'], BYTES.connection);
  const hopped = await hop();
  await Promise.all([
    table.change([connection, 'CONN'], 'helloClaimed'),
    table.get([call, 'CALL']),
    table.query(call, 'SIGNAL#'),
  ]);
  await posted(clients, { filling: 'x'.repeat(BYTES.connection) });
  await posted(clients, { filling: 'x'.repeat(BYTES.call) });
  const at = await posted(clients, { sdp: SDP });
  await hopped.delete();
  return [{ figure: 'wake_to_ring', ms: at - from }];
};

/** One HTTP request that no function answers, a browser's question before it sends another, and one change of the call. */
const restAccept: Floor = async (clients, { rest }) => {
  const { table } = clients;
  const call = `CALL#${fresh('floor')}`;
  await table.put([call, 'CALL'], BYTES.call);
  const from = nowMs();
  await clients.inbound();
  await succeeded(rest.request('OPTIONS', '/api/v2/devices', { headers: PREFLIGHT }));
  await table.change([call, 'CALL'], 'accepted');
  return [{ figure: 'rest_accept', ms: nowMs() - from }];
};

/** What a browser asks with before it sends a request to another origin; API Gateway answers by itself. */
export const PREFLIGHT = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };

/** All floors by their names; each measures one figure, or those of one ring. */
export const FLOORS = {
  ring_to_push: ringToPush,
  ring_to_event: ringToEvent,
  accept_to_silence: acceptToSilence,
  accept_to_silence_event: acceptToSilenceEvent,
  signal_relay: signalRelay,
  wake_to_ring: wakeToRing,
  rest_accept: restAccept,
} as const satisfies Readonly<Record<string, Floor>>;

async function claimBoth({ table }: BareClients, callee: string): Promise<void> {
  await Promise.all([
    table.create([`USER#${fresh('floor')}`, 'ENGAGED'], BYTES.claim),
    table.create([callee, 'ENGAGED'], BYTES.claim),
  ]);
}

/** One hop over the queue, from sending a message until the waiting receiver has it. */
function hopOver({ queue }: BareClients) {
  const received = queue.receive();
  return async () => {
    const sent = queue.send();
    const message = await received;
    return {
      async delete() {
        await sent;
        await message.delete();
      },
    };
  };
}

/** Posts a frame, and returns when it arrived at its connection. */
async function posted({ socket, post }: BareClients, content: object): Promise<number> {
  const [{ at }] = await Promise.all([socket.next('floor'), post({ type: 'floor', ...content })]);
  return at;
}
