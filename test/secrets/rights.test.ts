import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Access, allows, type Statement } from '#local/aws/iam/roles.ts';
import { operator, restartFunctions } from '../support/operator.ts';
import {
  callPath,
  eventually,
  keysOf,
  LONG_RING,
  people,
  pushOf,
  rest,
  ring,
  SHORT_RING,
  script,
  tokenWith,
  unique,
} from '../support/people.ts';
import { enter } from '../support/rooms.ts';
import { callsClient } from '../support/socket-io.ts';

// What the functions may do is what they do: nothing else is in their roles, and the stack refuses it.

/** For so long after its hello, a socket that cannot be reached may not be open yet. */
const SURELY_OPEN_MS = 5100;

interface Rights {
  readonly statements: readonly Statement[];
  readonly used: readonly Access[];
}

const rights = async (): Promise<[string, Rights][]> =>
  Object.entries((await rest().request('GET', '/_local/rights')).body.functions as Record<string, Rights>);

/** The statements without which everything that a function has done would have been allowed, too. */
const superfluous = ({ statements, used }: Rights): string[] =>
  statements
    .filter((one) =>
      used.every((access) =>
        allows(
          statements.filter((other) => other !== one),
          access,
        ),
      ),
    )
    .map(({ actions, resources }) => `${actions.join(', ')} on ${resources.join(', ')}`);

beforeAll(async () => {
  // A webhook that nobody answers: its tries wait in a queue.
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  await (await operator()).put('Webhooks', [{ url: 'https://127.0.0.1:1/', secret }]);
  // Those that have told of events in a test before this one keep its webhooks, of which there were none, for five minutes.
  await restartFunctions();
  await playEverything();
});

/** Has each function do what each statement of its role is for. */
async function playEverything(): Promise<void> {
  const [alice, bob, carol, dora] = await people('alice', 'bob', 'carol', 'dora');
  const [hers, his] = [await alice.connect(), await bob.connect()];
  const phone = await bob.android();
  await script(phone, { status: 503 });
  const server = await tokenWith({ role: 'server' });
  // Over the WebSocket: the ring is pushed twice, and heard by Bob's socket.
  const id = unique('call');
  const cid = `default:${id}`;
  await hers.ask({ type: 'call.ring', call_id: id, members: [{ user_id: bob.id }], ...LONG_RING });
  await his.next('call.ring');
  await pushOf(phone, 'call.ring');
  await his.ask({ type: 'call.accept', call_cid: cid });
  await hers.next('call.accepted');
  // His socket is lost without a word, so that a signal to it fails, and the next look at the call is put off.
  const connected = his.frames.find(({ type }) => type === 'user.connected');
  await eventually(async () => Date.now() > Date.parse(String(connected?.['created_at'])) + SURELY_OPEN_MS, 'time');
  await rest().request('DELETE', `/_local/connections/${String(connected?.['connection_id'])}`);
  await his.closed;
  await hers.ask({ type: 'sdp.offer', call_cid: cid, sdp: 'v=0 offer' });
  await hers.ask({ type: 'call.end', call_cid: cid });
  // Over REST, to a socket; then what operators read.
  const woken = await bob.android();
  const { id: second, cid: other } = await ring(alice, bob);
  // A phone that its push has woken gets a token for the call with its answer.
  const { wake_token: token = '' } = keysOf(await pushOf(woken, 'call.ring'));
  const again = await bob.connect({ token });
  await again.ask({ type: 'call.accept', call_cid: other });
  await hers.next('call.accepted');
  await alice.post(callPath(second, '/mark_ended'));
  await rest().request('GET', '/api/v2/calls', { token: server });
  // Socket.IO, and a room.
  const [caller, callee] = [await callsClient(carol), await callsClient(dora)];
  await caller.ask('callUser', { to: dora.id, signalData: { type: 'offer', sdp: 'v=0' }, callType: 'video' });
  await callee.next('incomingCall');
  await caller.ask('endCall', { to: dora.id });
  // A ring that runs out.
  await ring(carol, dora, SHORT_RING);
  const room = unique('room');
  const [stays, leaves] = [await enter(room, alice), await enter(room, bob)];
  await leaves.close();
  await stays.next('user_left');
  // Somebody who is deleted while they are connected.
  await rest().request('DELETE', `/api/v2/users/${bob.id}`, { token: server });
}

describe('the role of a function', () => {
  it('has no statement whose removal would not be noticed', async () => {
    // Timers and webhooks wait before they need their last right.
    const isDone = async () => (await rights()).every(([, one]) => superfluous(one).length === 0);
    await eventually(isDone, 'the last right', 100_000).catch(() => undefined);
    const unneeded = (await rights()).map(([name, one]) => [name, superfluous(one)] as const);
    expect(unneeded.filter(([, statements]) => statements.length > 0)).toEqual([]);
  });

  it('allows nothing to a function without statements', async () => {
    for (const [, { used }] of await rights()) {
      expect(used.length).toBeGreaterThan(0);
      for (const access of used) expect(allows([], access)).toBe(false);
    }
  });
});
