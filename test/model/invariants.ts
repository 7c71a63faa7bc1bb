import { expect } from 'vitest';
import { type Call, isCaller, isRinging, keepsBusy, type Member, memberOf } from '#domain/call/call.ts';
import { expire } from '#domain/call/expire.ts';
import type { EpochMs } from '#domain/time.ts';
import { audible, type Handset } from './handset.ts';
import { KILLED, type Player, type Told } from './play.ts';
import { ruleFor } from './ringing-table.ts';
import { hearsOf, type World } from './world.ts';

/** What must hold whenever nobody has anything to do. */
export async function checkAtRest(world: World, { cids }: Player): Promise<void> {
  // Who failed a message will have it again: until then something may be missing.
  if (world.messages.some(({ receives }) => receives > 0)) return;
  const calls = await world.calls.findAll(cids);
  for (const call of calls) {
    for (const handset of world.handsets) {
      const member = memberOf(call, handset.userId);
      if (!member) continue;
      await checkRing(world, call, member, handset);
      checkView(world, call, handset);
    }
  }
  for (const [ring, count] of world.rung)
    if (count > 1) expect(world.excused.has(ring), `${ring} was pushed ${count} times`).toBe(true);
}

async function checkRing(world: World, call: Call, member: Member, handset: Handset): Promise<void> {
  const { now } = world.time;
  const rings = isRinging(member, now) && call.status !== 'ended';
  const heard = audible(handset, now).filter(({ cid }) => cid === call.cid);
  const ghosts = heard.filter(({ ringId }) => !rings || ringId !== member.ringId);
  if (canHear(world, call, handset)) expect(ghosts, `${handset.id} rings on for ${call.cid}`).toEqual([]);
  if (rings && heard.length > 0 && member.ringId === call.ringIds[0]) checkOffer(world, call, handset);
  if (!rings || heard.length > 0) return;
  expect(isConnected(world, call, handset), `${handset.id} is connected and does not ring for ${call.cid}`).toBe(false);
  const { pushTokens: devices } = await world.presence.reach(handset.userId);
  const registered = devices.some(({ token }) => token === handset.token);
  if (!registered || isRetried(world, handset)) return;
  const ring = `${member.ringId} ${handset.token}`;
  expect(world.rung.has(ring) || world.excused.has(ring), `${handset.id} was never pushed for ${call.cid}`).toBe(true);
}

/** The ring that a call was created with had an offer: every open connection of a phone that rings by it has got it. */
function checkOffer({ sockets }: World, { cid }: Call, handset: Handset): void {
  const open = sockets.filter(
    (socket) => socket.handset === handset && socket.state === 'open' && hearsOf(socket, cid),
  );
  for (const { id, offers } of open) expect(offers, `${id} rings for ${cid} without its offer`).toContain(cid);
}

/** Whether the end of a ring can reach the handset: over its socket, or as an Android phone by a push that is not to come yet. */
function canHear(world: World, call: Call, handset: Handset): boolean {
  return (
    isConnected(world, call, handset) ||
    (handset.kind === 'android' && handset.fault === 'none' && !isRetried(world, handset) && !wasLost(world, handset))
  );
}

const isConnected = ({ sockets }: World, { cid }: Call, handset: Handset): boolean =>
  sockets.some((socket) => socket.handset === handset && socket.state === 'open' && hearsOf(socket, cid));

const isRetried = ({ messages }: World, { userId }: Handset): boolean =>
  messages.some(({ queue, job }) => queue === 'ring' && JSON.stringify(job).includes(userId));

/** Whether a token died: its phone can be neither rung nor silenced. */
const wasLost = ({ log }: World, { id }: Handset): boolean => log.includes(`fault ${id} 0`);

function checkView(world: World, call: Call, handset: Handset): void {
  const view = handset.views.get(call.cid);
  if (!isConnected(world, call, handset) || !view || expire(call, world.time.now)) return;
  const members = Object.values(call.members).filter(
    ({ userId }) => userId === handset.userId || isCaller(call, handset.userId),
  );
  expect(view, `what ${handset.id} knows of ${call.cid}`).toMatchObject({
    status: call.status,
    members: Object.fromEntries(members.map(({ userId, state }) => [userId, { state }])),
  });
}

/** What must hold of all that was written: one winner a callee, one version a change. */
export function checkWritten(world: World): void {
  for (const changes of world.written.values()) {
    changes.forEach(({ call }, i) => {
      const before = changes[i - 1]?.call;
      if (!before) return;
      expect(call.version).toBe(before.version + 1);
      expect(before.status).not.toBe('ended');
      for (const member of Object.values(call.members)) {
        const was = memberOf(before, member.userId);
        if (was?.state === 'accepted' && member.state === 'accepted')
          expect(member.handset?.hardwareId, `${member.userId} answered twice`).toBe(was.handset?.hardwareId);
      }
    });
  }
}

/** Every answer must be the one that the table gives for the call as it was at some moment while the command ran. */
export function checkAnswers(world: World, { told }: Player): void {
  for (const one of told) {
    if (one.answer === undefined || one.answer === KILLED || !DECIDED.has(one.command)) continue;
    const seen = statesDuring(world, one);
    const possible = new Set(seen.flatMap((call) => answersIn(call, one)));
    expect([...possible], `${one.name} at ${one.from.at}`).toContain(one.answer);
    const isWritten = world.written.get(one.cid)?.some(({ by }) => by === one.retryOf);
    // Whoever answered may find that the call is over meanwhile; what ends it is answered as it was.
    if (isWritten && one.command !== 'accept') expect(one.answer, `${one.name}, asked again`).toBe('ok');
  }
}

const DECIDED: ReadonlySet<string> = new Set(['accept', 'reject', 'cancel', 'leave', 'end']);

/**
 * The call as it was from when a command was given until it was answered, with what time alone had made of it; where the
 * command changed it, as it was just before that.
 */
function statesDuring(world: World, { name, cid, from, to = from }: Told): (Call | undefined)[] {
  const changes = world.written.get(cid) ?? [];
  const own = changes.findLast(({ by }) => by === name)?.call.version;
  const versions = changes.map(({ call }) => call);
  const during = versions.filter(({ version }) =>
    own === undefined ? version >= from.version && version <= to.version : version === own - 1,
  );
  const moments: EpochMs[] = [from.at, to.at];
  return [
    ...(from.version === 0 && own === undefined ? [undefined] : []),
    ...during.flatMap((call) => [call, ...moments.map((at) => elapsed(call, at))]),
  ];
}

/** The call at a moment: who rang until before that has missed it, and a call that nobody answered is over. */
function elapsed(call: Call, at: EpochMs): Call {
  const late = ({ state, ringExpiresAt }: Member): boolean =>
    state === 'ringing' && ringExpiresAt !== undefined && ringExpiresAt <= at;
  if (call.status === 'ended' || !Object.values(call.members).some(late)) return call;
  const members = Object.fromEntries(
    Object.values(call.members).map((member) => [
      member.userId,
      late(member) ? { ...member, state: 'missed' as const } : member,
    ]),
  );
  const isQuiet = !Object.values(members).some(({ state }) => state === 'ringing');
  const inside = Object.values(members).filter(({ state }) => state === 'joined' || state === 'accepted').length;
  const isOver = isQuiet && (call.status === 'ringing' || (call.status === 'active' && inside <= 1));
  return { ...call, members, ...(isOver && { status: 'ended' as const }) };
}

/** What the table answers to a command on this call; who ended it may be told so, or that it is over. */
function answersIn(call: Call | undefined, { command, user, hardwareId }: Told): string[] {
  if (!call) return ['not_found'];
  const member = memberOf(call, user.userId);
  const isOwnEnd = call.status === 'ended' && call.endedBy === user.userId && command !== 'accept';
  const { outcome } = ruleFor({
    by: !member ? 'stranger' : isCaller(call, user.userId) ? 'caller' : 'callee',
    state: member?.state ?? 'none',
    call: call.status,
    command,
    handset: member?.handset?.hardwareId === hardwareId ? 'same' : 'other',
    size: Object.keys(call.members).length === 2 ? 'two' : 'more',
  });
  return [outcome.includes('_') ? outcome : 'ok', ...(isOwnEnd ? ['ok'] : [])];
}

/** When all is over: nobody rings, nobody is held by a call that is over, nothing was given up. */
export async function checkAtTheEnd(world: World, { cids }: Player): Promise<void> {
  expect(world.deadLetters(), 'dead letters').toBe(0);
  const calls = await world.calls.findAll(cids);
  for (const call of calls) {
    expect(call.status, call.cid).not.toBe('ringing');
    expect(Object.values(call.members).filter(({ state }) => state === 'ringing')).toEqual([]);
    for (const handset of world.handsets) expect(audible(handset, world.time.now)).toEqual([]);
  }
  for (const userId of new Set(world.handsets.map((handset) => handset.userId))) {
    const live = calls.filter((call) => keepsBusy(call, userId, world.time.now));
    expect(await world.isBusy(userId), `${userId} is busy`).toBe(live.length > 0);
  }
}
