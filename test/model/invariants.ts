import { expect } from 'vitest';
import {
  type Call,
  isCaller,
  isCreator,
  isHosted,
  isIn,
  isPair,
  isRinging,
  keepsBusy,
  type Member,
  memberOf,
} from '#domain/call/call.ts';
import { asOf, expire } from '#domain/call/expire.ts';
import { sidesOf } from '#domain/call/sides.ts';
import { isHeardRinging, knowsOf } from '#domain/call/unheard.ts';
import { type EpochMs, epochMs, later, SECOND_MS } from '#domain/time.ts';
import { type CommandName, ruleNameOf, SENDS_SIGNAL } from './commands.ts';
import { audible, type Handset, nameOfRing } from './handset.ts';
import { isOneCall } from './one-call-client.ts';
import { KILLED, type Player, type Told } from './play.ts';
import { ruleFor, type Situation } from './ringing-table.ts';
import { isSeat } from './signals.ts';
import { hearsOf, isMissing, type Socket } from './socket.ts';
import type { World } from './world.ts';

/** What must hold whenever nobody has anything to do. */
export async function checkAtRest(world: World, { cids, told }: Player): Promise<void> {
  expect(world.overheard.faults.join('\n')).toBe('');
  // Who failed a message will have it again: until then something may be missing.
  if (world.messages.some(({ receives }) => receives > 0)) return;
  const calls = await world.calls.findAll(cids());
  for (const call of calls) await checkCall(world, call, told);
  for (const one of told) if (SENDS_SIGNAL.has(one.command)) await checkSignal(world, one, calls);
  checkPairs(world, calls, told);
  for (const [ring, count] of world.rung)
    if (count > 1) expect(world.excused.has(ring), `${ring} was pushed ${count} times`).toBe(true);
}

async function checkCall(world: World, call: Call, told: readonly Told[]): Promise<void> {
  for (const handset of world.handsets) {
    const member = memberOf(call, handset.userId);
    if (!member) continue;
    checkUnheard(world, call, member, handset);
    const isHeardByNobody = isAbandoned(world, call, told);
    await checkRing(world, call, member, handset, isHeardByNobody);
    if (!isOneCall(handset.dialect)) checkView(world, call, handset);
    else if (!isHeardByNobody) await checkShown(world, call, member, handset);
  }
  await checkSeats(world, call);
  if (!call.replaced) return;
  expect(world.missed.get(call.cid) ?? [], `notices of ${call.cid}, which was replaced`).toEqual([]);
}

/** Nothing is heard of a ring whose caller is blocked or that comes at the wrong time; of a call by somebody blocked nothing at all. */
function checkUnheard(world: World, call: Call, { unheard, ringId }: Member, handset: Handset): void {
  if (unheard === undefined || handset.met.has(call.cid)) return;
  const name = nameOfRing(handset, call.cid, ringId ?? '');
  const heard = handset.heard.filter((ring) => ring.ringId === name);
  expect(heard, `${handset.id} rings for ${call.cid}, which is ${unheard}`).toEqual([]);
  expect([...world.rung.keys()].filter((ring) => ring === `${ringId} ${handset.token}`)).toEqual([]);
  if (unheard !== 'blocked_call') return;
  expect(handset.views.get(call.cid), `what ${handset.id} knows of ${call.cid}`).toBeUndefined();
  expect(world.missed.get(call.cid) ?? []).not.toContain(handset.id);
}

async function checkRing(
  world: World,
  call: Call,
  member: Member,
  handset: Handset,
  isHeardByNobody: boolean,
): Promise<void> {
  const { now } = world.time;
  const isMet = handset.met.has(call.cid) && isRinging(member, now);
  const rings = (isMet || isHeardRinging(member, now)) && call.status !== 'ended';
  const heard = audible(handset, now).filter(({ cid }) => cid === call.cid);
  const name = nameOfRing(handset, call.cid, member.ringId ?? '');
  const ghosts = heard.filter(({ ringId }) => !rings || ringId !== name);
  if (isHeardByNobody) return;
  if (canHear(world, call, handset)) expect(ghosts, `${handset.id} rings on for ${call.cid}`).toEqual([]);
  if (rings && heard.length > 0 && member.ringId === call.ringIds[0]) checkOffer(world, call, handset);
  // A phone that rang while it called takes the end of its call for that of the ring, too.
  if (!rings || heard.length > 0 || handset.hasLetGo) return;
  expect(isConnected(world, call, handset), `${handset.id} is connected and does not ring for ${call.cid}`).toBe(false);
  const { pushTokens: devices } = await world.presence.reach(handset.userId);
  const registered = devices.some(({ token }) => token === handset.token);
  if (!registered || isRetried(world, handset)) return;
  const ring = `${member.ringId} ${handset.token}`;
  expect(world.rung.has(ring) || world.excused.has(ring), `${handset.id} was never pushed for ${call.cid}`).toBe(true);
}

/**
 * Whether whoever made or ended a call died before anybody heard of it, and nobody asks again: the phone that rings has lost
 * its connection meanwhile, so that its offer died with them, or whoever asks again begins another session, or hangs up a later
 * call.
 */
function isAbandoned({ written }: World, { cid }: Call, told: readonly Told[]): boolean {
  const changes = written.get(cid) ?? [];
  const isDead = (by: string | undefined): boolean => told.some(({ name, answer }) => name === by && answer === KILLED);
  const [made, ended] = [changes[0]?.by, changes.at(-1)?.by];
  const isMadeAgain = told.some((one) => one.retryOf === made && (!one.isOfSession || one.cid === cid));
  const isEndedAgain = told.some((one) => one.retryOf === ended && (!one.wish || one.cid === '' || one.cid === cid));
  return (isDead(made) && !isMadeAgain) || (isDead(ended) && !isEndedAgain);
}

/** The ring that a call was created with had an offer: every open connection of a phone that rings by it has got it, or the invitation to its session. */
function checkOffer(world: World, call: Call, handset: Handset): void {
  const { cid } = call;
  const hasNone = isHosted(call) ? handset.dialect !== 'sessions' : !hasWordsFor(handset, call);
  if (isTellingDue(world, handset) || hasNone) return;
  if (isOneCall(handset.dialect)) {
    // A push has no offer: such a phone cannot answer before it is told of it. While it talks, it is told of no other ring, and
    // of two rings that nobody could tell apart by their claims, since one of them was slow, it may have answered one.
    if (!isConnected(world, call, handset) || handset.shows?.as === 'talking') return;
    expect(world.notices.wasTold(handset, cid, 'ring'), `${handset.id} rings for ${cid} without its offer`).toBe(true);
    return;
  }
  const open = world.sockets.filter(
    (socket) => socket.handset === handset && socket.state === 'open' && hearsOf(socket, cid),
  );
  for (const { id, offers } of open) expect(offers, `${id} rings for ${cid} without its offer`).toContain(cid);
}

const STOPPED_BY_PUSH: ReadonlySet<Handset['kind']> = new Set(['android', 'subscriber']);

/**
 * Whether the end of a ring can reach the handset: over its socket, or by a push that is not to come yet. A phone that has
 * heard “what a dialect tells without an id” cannot know by it that a push which comes after it is for the same call; nor
 * can one be told of it that shows a call of its own.
 */
function canHear(world: World, call: Call, handset: Handset): boolean {
  const showsOther = handset.shows !== undefined && handset.shows.cid !== call.cid;
  const mayNotKnow = isOneCall(handset.dialect) && (showsOther || world.notices.wasTold(handset, call.cid, 'over'));
  return (
    (isConnected(world, call, handset) && !mayNotKnow) ||
    (STOPPED_BY_PUSH.has(handset.kind) &&
      handset.fault === 'none' &&
      !isRetried(world, handset) &&
      !wasLost(world, handset))
  );
}

const isConnected = (world: World, call: Call, handset: Handset): boolean =>
  !isTellingDue(world, handset) &&
  !handset.isTorn &&
  hasWordsFor(handset, call) &&
  !showsAnotherRing(world, call, handset) &&
  !world.notices.hasLost(handset, call.cid) &&
  world.sockets.some(
    (socket) =>
      socket.handset === handset && socket.state === 'open' && !isMissing(socket) && hearsOf(socket, call.cid),
  );

/** A phone that shows one call at a time is told of one ring at a time. */
const showsAnotherRing = (world: World, call: Call, handset: Handset): boolean =>
  handset.dialect !== 'native' &&
  audible(handset, world.time.now).some(({ cid }) => cid !== call.cid && world.notices.wasTold(handset, cid, 'ring'));

/** Whether the dialect of a handset has words for a call: “calls and video show two-person calls of type `default` alone”, and sessions are hosted. */
const hasWordsFor = ({ dialect, userId }: Handset, call: Call): boolean =>
  isOneCall(dialect) ? sidesOf(call, userId) !== undefined : dialect === 'native' || isHosted(call);

const isRetried = ({ messages }: World, { userId }: Handset): boolean =>
  messages.some(({ queue, job }) => queue === 'ring' && JSON.stringify(job).includes(userId));

/** Whether a token died: its phone can be neither rung nor silenced. */
const wasLost = ({ log }: World, { id }: Handset): boolean => log.includes(`fault ${id} 0`);

function checkView(world: World, call: Call, handset: Handset): void {
  const view = handset.views.get(call.cid);
  if (!isConnected(world, call, handset) || expire(call, world.time.now) || isTimerDue(world, call)) return;
  if (handset.dialect === 'sessions') {
    if (view) expect(view.status, `what ${handset.id} knows of ${call.cid}`).toBe(call.status);
    return;
  }
  const own = memberOf(call, handset.userId);
  if (own && isIn(own) && mustKnow(world, call, handset) && !isTellingDue(world, handset))
    expect(view, `what ${handset.id} knows of ${call.cid}, which goes on`).toBeDefined();
  // A ring is announced to those who are rung alone.
  if (!view || (view.status === 'created' && call.status === 'ringing')) return;
  const members = Object.values(call.members).filter(
    // That somebody is rung again is told to them alone.
    ({ userId, state, unheard }) =>
      userId === handset.userId ? unheard === undefined : state !== 'ringing' && isCaller(call, handset.userId),
  );
  expect(view, `what ${handset.id} knows of ${call.cid}`).toMatchObject({
    status: call.status,
    members: Object.fromEntries(members.map(({ userId, state }) => [userId, { state }])),
  });
}

/** A phone that shows one call at a time shows the call that it is in, and none that is over. */
async function checkShown(world: World, call: Call, own: Member, handset: Handset): Promise<void> {
  const { now } = world.time;
  const { shows } = handset;
  const isLive = call.status === 'ringing' || call.status === 'active';
  if (!isConnected(world, call, handset) || expire(call, now) || isTimerDue(world, call)) return;
  const isIts =
    own.handset?.hardwareId === undefined
      ? world.sockets.some((socket) => socket.handset === handset && socket.id === own.handset?.connectionId)
      : own.handset.hardwareId === handset.hardwareId;
  const seats = isLive && isIn(own) && isIts ? await seatsOf(world, call, own) : [];
  const isInIt = seats.some((socket) => socket.handset === handset && socket.state === 'open');
  if (isInIt && !handset.hasLetGo) {
    const as = call.status === 'active' ? 'talking' : 'calling';
    expect(shows, `what ${handset.id} shows, which is in ${call.cid}`).toMatchObject({ cid: call.cid, as });
  }
  if (shows?.cid !== call.cid) return;
  const isOn = isLive && isIn(own) && (isInIt || world.overheard.resumed.size > 0);
  expect(isOn, `${handset.id} shows ${call.cid}, which is over for it`).toBe(true);
}

/** Whether a handset whose user is in the call has been told of it: its answer tells everybody, and whoever connects is told. */
const mustKnow = ({ sockets, written }: World, call: Call, handset: Handset): boolean => {
  const rangAt = written.get(call.cid)?.find((one) => one.call.status === 'ringing')?.at ?? Number.POSITIVE_INFINITY;
  const since = sockets.filter((socket) => socket.handset === handset && socket.state === 'open');
  const isTheirs = call.status === 'ringing' && isCaller(call, handset.userId);
  return call.status === 'active' || (isTheirs && since.some(({ openedAt }) => openedAt > rangAt));
};

/** Whether a timer is about to say what its moment has made of the call: delays are whole seconds. */
const isTimerDue = ({ messages, time }: World, { cid }: Call): boolean =>
  messages.some(({ queue, job }) => {
    const { type, cid: of, at = Number.POSITIVE_INFINITY } = job as { type?: string; cid?: string; at?: number };
    return queue === 'deadline' && type === 'deadline' && of === cid && at <= time.now;
  });

/** Whether a connection of the user is about to hear what it has not heard yet: its hello, or what could not be posted to it. */
const isTellingDue = ({ messages }: World, { userId }: { readonly userId: string }): boolean =>
  messages.some(({ queue, job }) => {
    const text = JSON.stringify(job);
    return (queue === 'hello' || text.includes('"catch-up"')) && text.includes(userId);
  });

/** Whoever is in an active call has a handset that is connected, as far as anybody has heard, or that is waited for. */
async function checkSeats(world: World, call: Call): Promise<void> {
  if (call.status !== 'active' || isHosted(call)) return;
  for (const member of Object.values(call.members).filter(isIn)) {
    const { userId, handset } = member;
    // Who rings over REST alone was never connected.
    const wasConnected = world.sockets.some(({ id, wasOpen }) => id === handset?.connectionId && wasOpen);
    if (!wasConnected && member.state === 'joined') continue;
    const isAwaited = world.messages.some(
      ({ queue, job }) =>
        queue === 'deadline' && JSON.stringify(job).includes(`"vanish","cid":"${call.cid}","userId":"${userId}"`),
    );
    if (isAwaited || isTellingDue(world, member)) continue;
    const seated = (await seatsOf(world, call, member)).length > 0;
    expect(seated, `${userId} is in ${call.cid} by no handset that is connected or waited for`).toBe(true);
  }
}

/** The sockets that a member is in a call by, open or believed to be. */
async function seatsOf({ sockets, presence }: World, { cid }: Call, { userId, handset }: Member): Promise<Socket[]> {
  const known = new Set((await presence.connections(userId)).map(({ id }) => id));
  const own = handset?.connectionId;
  const isOwnKnown = handset?.hardwareId === undefined && own !== undefined && known.has(own);
  return sockets.filter(
    (socket) =>
      socket.handset.userId === userId &&
      known.has(socket.id) &&
      hearsOf(socket, cid) &&
      (isOwnKnown ? socket.id === own : isSeat(handset, socket, sockets)),
  );
}

/** For how long a signal surely waits: its row expires by whole seconds. */
const KEPT_MS = 118 * SECOND_MS;

/** A signal reaches every member who has taken part in the call since before it was sent, at each open connection of theirs. */
async function checkSignal(world: World, one: Told, calls: readonly Call[]): Promise<void> {
  const { now } = world.time;
  const call = calls.find(({ cid }) => cid === one.cid);
  if (one.answer !== 'ok' || !call || call.status === 'ended' || expire(call, now)) return;
  if (now > later(one.from.at, KEPT_MS)) return;
  for (const member of Object.values(call.members)) {
    const isOther = member.userId !== one.user.userId && !isTellingDue(world, member);
    if (!isOther || !tookPart(world, one, member)) continue;
    for (const socket of await listening(world, call, member))
      if (isAnnounced(world, call, socket, one.command))
        expect([...socket.signals], `${socket.id} has not got a signal`).toContain(one.signal);
  }
}

/** Whether a socket gets signals: “candidates never come before the event that announces their call”, and an offer in a live call “has no word here”. */
const isAnnounced = (world: World, { cid }: Call, { handset }: Socket, command: CommandName): boolean =>
  handset.dialect === 'native' ||
  (isOneCall(handset.dialect) &&
    command === 'candidate' &&
    (world.notices.wasTold(handset, cid, 'ring') || world.notices.wasTold(handset, cid, 'answer')));

/** Whether a member takes part in the call, and has since before a signal was sent, by one and the same ring. */
function tookPart(world: World, { cid, from }: Told, member: Member): boolean {
  const versions = (world.written.get(cid) ?? []).map(({ call }) => call);
  const during = versions.filter(({ version }) => version >= Math.max(from.version, 1));
  return (
    takesPart(member, world.time.now) &&
    during.every((then) => {
      const was = memberOf(then, member.userId);
      return was && takesPart(was, from.at) && was.ringId === member.ringId;
    })
  );
}

/** The open sockets that get the signals for a member: all while they ring, those of their handset afterwards. */
async function listening(world: World, call: Call, member: Member): Promise<Socket[]> {
  const sockets = isIn(member)
    ? await seatsOf(world, call, member)
    : world.sockets.filter((socket) => socket.handset.userId === member.userId && hearsOf(socket, call.cid));
  return sockets.filter(({ state }) => state === 'open');
}

const takesPart = (member: Member, now: EpochMs): boolean => isIn(member) || isHeardRinging(member, now);

/** Two people are never in two calls with each other: ringing again replaces, and of two rings at once one is glare. */
function checkPairs(world: World, calls: readonly Call[], told: readonly Told[]): void {
  const { now } = world.time;
  // A ring that took longer than a claim lasts has lost it.
  const isSlow = told.some(
    ({ command, from, to, answer }) =>
      command.startsWith('ring') && ((to?.at ?? now) - from.at > 2 * SECOND_MS || answer === KILLED),
  );
  if (isSlow) return;
  const live = calls.filter(
    (call) => isPair(call) && Object.keys(call.members).every((userId) => keepsBusy(call, userId, now)),
  );
  // To a call whose media a provider carries, one of the other kind is another call: whoever does not hear a ring may be in both.
  const pairs = live.map((call) => `${isHosted(call)} ${Object.keys(call.members).toSorted().join(' ')}`);
  expect(pairs, 'two people are in two calls').toEqual([...new Set(pairs)]);
}

/** For how long whatever follows a ring waits for its call. */
const PATIENCE_MS = 4 * SECOND_MS;

/** What one socket sent right behind a ring acts on that call. */
export function checkPipelines(world: World, { pipelines }: Player): void {
  for (const { ring, next } of pipelines) {
    const versions = world.written.get(ring.cid) ?? [];
    const isOwn = versions[0]?.by === ring.name && ring.from.version === 0;
    if (!isOwn || (versions[0]?.at ?? 0) - next.from.at >= PATIENCE_MS) continue;
    expect(['ok', 'call_ended', 'already_answered', 'not_ringing'], next.name).toContain(next.answer);
    if (next.answer !== 'ok' || (next.command !== 'end' && next.command !== 'cancel')) continue;
    const last = versions.findLast(({ call }) => call.version <= (next.to?.version ?? 0));
    expect(last?.call.status, `${next.name}, right behind its ring`).toBe('ended');
  }
}

/** What must hold of all that was written: one winner a callee, one version a change. */
export function checkWritten(world: World, { told }: Player): void {
  for (const one of told) if (one.command.startsWith('ring')) checkRinger(world, one);
  for (const changes of world.written.values()) {
    changes.forEach(({ call }, i) => {
      const before = changes[i - 1]?.call;
      if (!before) return;
      expect(call.version).toBe(before.version + 1);
      expect(before.status).not.toBe('ended');
      for (const member of Object.values(call.members)) {
        const was = memberOf(before, member.userId);
        const { cid } = call;
        const isResumed = world.overheard.resumed.has(`${cid} ${member.userId} ${member.handset?.hardwareId}`);
        if (was?.state === 'accepted' && member.state === 'accepted' && !isResumed)
          expect(member.handset?.hardwareId, `${member.userId} answered twice`).toBe(was.handset?.hardwareId);
      }
    });
  }
}

/** Whoever makes a call ring is in it by the handset that they ring with. */
function checkRinger({ written }: World, { name, cid, user: { userId }, hardwareId }: Told): void {
  const changes = written.get(cid) ?? [];
  const first = changes.find(({ by, call }) => by === name && call.status === 'ringing');
  const before = changes.find(({ call }) => call.version === (first?.call.version ?? 0) - 1);
  if (!first || (before && before.call.status !== 'created')) return;
  const ringer = memberOf(first.call, userId);
  expect([ringer?.state, ringer?.handset?.hardwareId], `who rings by ${name}`).toEqual(['joined', hardwareId]);
}

/** Every answer must be the one that the table gives for the call as it was at some moment while the command ran. */
export function checkAnswers(world: World, { told }: Player): void {
  for (const one of told) {
    if (one.answer === undefined || one.answer === KILLED) continue;
    expect(one.answer, one.name).toMatch(/^[a-z_]+$/);
    expect(['contended', 'internal'], one.name).not.toContain(one.answer);
    if (!DECIDED.has(one.command) || one.wish) continue;
    expect(possibleAnswers(world, one), `${one.name} at ${one.from.at}`).toContain(one.answer);
    // Whoever answered may find that the call is over meanwhile; what ends it is answered as it was.
    if (ruleNameOf(one.command) === 'accept' || !wasWritten(world, one)) continue;
    expect(one.answer, `${one.name}, asked again`).toBe('ok');
  }
}

function possibleAnswers(world: World, one: Told): string[] {
  const possible = statesDuring(world, one).flatMap((call) => answersIn(call, one));
  // Whoever went on with a call by another handset has answered on that one.
  const isMoved = [...world.overheard.resumed].some((of) => of.startsWith(`${one.cid} ${one.user.userId} `));
  // Without an id, a handset whose socket is half open looks like two.
  const looksLikeTwo = one.hardwareId === undefined && one.hasOthers;
  const isEither = (isMoved || looksLikeTwo) && ruleNameOf(one.command) === 'accept';
  const answers = ['ok', 'already_answered'];
  return isEither && answers.some((answer) => possible.includes(answer)) ? [...possible, ...answers] : possible;
}

/** Whether the first try of a command wrote what it was to do. What it wrote of what time alone had done does not count. */
const wasWritten = ({ written }: World, { cid, retryOf, user: { userId } }: Told): boolean =>
  (written.get(cid) ?? []).some(({ by, call }) => {
    const state = memberOf(call, userId)?.state ?? '';
    const isDone = call.endedBy === userId || (call.status !== 'ended' && ['rejected', 'left'].includes(state));
    return by === retryOf && isDone;
  });

const DECIDED: ReadonlySet<string> = new Set([
  'accept',
  'accept that ring',
  'reject',
  'reject that ring',
  'cancel',
  'leave',
  'end',
]);

/**
 * The call as it was from when a command was given until it was answered, with what time alone had made of it; where the
 * command changed it, as it was just before that.
 */
function statesDuring(world: World, { name, cid, answer, from, to = from }: Told): (Call | undefined)[] {
  const changes = world.written.get(cid) ?? [];
  // A command that is refused has written at most what time alone had made of the call, before it looked again.
  const own = answer === 'ok' ? changes.findLast(({ by }) => by === name)?.call.version : undefined;
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
function answersIn(call: Call | undefined, one: Told): string[] {
  if (!call) return ['not_found'];
  const { user, hardwareId } = one;
  const command = ruleNameOf(one.command);
  const member = knowsOf(call, user.userId) ? memberOf(call, user.userId) : undefined;
  const special = member && answerBesides(call, member, one);
  if (special !== undefined) return special;
  const isOwnEnd = call.status === 'ended' && call.endedBy === user.userId && command !== 'accept';
  const { by, size } = rightsIn(call, user.userId, command);
  // Only its creator ends a group that talks.
  if (command === 'end' && by === 'caller' && size === 'more' && call.status === 'active') return ['not_allowed'];
  const state = member?.state ?? 'none';
  const handset = isSameHandset(member, hardwareId) ? 'same' : 'other';
  const { outcome } = ruleFor({ by, size, state, handset, command, call: call.status });
  return [outcome.includes('_') ? outcome : 'ok', ...(isOwnEnd ? ['ok'] : [])];
}

/** What is answered for a reason that the table does not have. */
function answerBesides(
  call: Call,
  member: Member,
  { command, user, hardwareId, ringId, isOfSession, from }: Told,
): string[] | undefined {
  // Once another phone has answered, a woken one may only read, and hear so: unless it was let through before that.
  const isElsewhere = member.state === 'accepted' && !isSameHandset(member, hardwareId);
  if (isElsewhere && user.kind === 'wake' && command === 'reject')
    return ['not_allowed', ...(call.version > from.version ? ['already_answered'] : [])];
  // A ring that another one has followed is answered by nobody.
  if (ringId !== undefined && member.ringId !== ringId) return [call.status === 'ended' ? 'call_ended' : 'not_ringing'];
  // Whoever began a session may join it.
  const joins = isOfSession && command === 'accept' && member.state === 'joined';
  return joins && call.status !== 'ended' ? ['ok'] : undefined;
}

/** Who somebody is to a command. Whoever created a group ends it as if there were two, and may cancel unless they were rung. */
function rightsIn(call: Call, userId: string, command: string): Pick<Situation, 'by' | 'size'> {
  const member = knowsOf(call, userId) ? memberOf(call, userId) : undefined;
  const hasCreated = isCreator(call, userId);
  const mayCancel = hasCreated && member?.ringId === undefined && (command === 'cancel' || command === 'end');
  const isOfTwo = isPair(call) || (command === 'end' && hasCreated);
  const by = isCaller(call, userId) || mayCancel ? 'caller' : 'callee';
  return { by: member ? by : 'stranger', size: isOfTwo ? 'two' : 'more' };
}

/** Without an id, a handset is its connection; after that, it is its token. */
function isSameHandset(member: Member | undefined, hardwareId: string | undefined): boolean {
  const seat = member?.handset;
  if (hardwareId !== undefined || seat?.hardwareId !== undefined) return seat?.hardwareId === hardwareId;
  return true;
}

/** When all is over: nobody rings, nobody is held by a call that is over, nothing was given up. */
export async function checkAtTheEnd(world: World, { cids, told }: Player): Promise<void> {
  expect(world.deadLetters(), 'dead letters').toBe(0);
  const written = await world.calls.findAll(cids());
  // Whoever died has set no timer either: that such a ring has run out is written by whoever looks at it next.
  const abandoned = written.filter((call) => isAbandoned(world, call, told));
  const deadlines = abandoned.flatMap(({ members }) =>
    Object.values(members).map(({ ringExpiresAt = 0 }) => ringExpiresAt),
  );
  world.time.now = epochMs(Math.max(world.time.now, ...deadlines));
  const calls = written.map((call) => (abandoned.includes(call) ? asOf(call, world.time.now) : call));
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
