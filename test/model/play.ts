import fc from 'fast-check';
import { type Call, isHosted, memberOf } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { type EpochMs, later } from '#domain/time.ts';
import { hostedCid } from '#usecases/calls/hosted-call.ts';
import { COMMANDS, type CommandName, speak, WISHES } from './commands.ts';
import { answered, audible, ended, type Handset, silence, silenceCall, startAnew } from './handset.ts';
import { acknowledged, isOneCall, type Wish, wished, wordsFor } from './one-call-client.ts';
import { lookAtSession } from './session-client.ts';
import { SESSION_ACTS, SESSION_REQUESTS } from './session-requests.ts';
import { Killed, type Outcome, type Stepper } from './stepper.ts';
import type { World } from './world.ts';

const HAPPENINGS = [
  'connect',
  'disconnect',
  'lose silently',
  'posts fail',
  'answers get lost',
  'wait',
  'ring out',
  'fault',
  'duplicate',
  'early',
  'kill a worker',
  'all accept',
  'start anew',
  'ring and hang up',
  'ring and signal',
  'ring at once',
  'block',
  'do not disturb',
] as const;

type Happening = (typeof HAPPENINGS)[number];

/** One thing that somebody does, or that happens to them. */
export interface Move {
  readonly kind: CommandName | Happening;
  /** Which handset, or which message, by number. */
  readonly who: number;
  /** Which call, or which fault, by number. */
  readonly call: number;
  /** After how many port calls whoever handles it dies; the client then asks again. */
  readonly killAt: number | undefined;
  /** How many steps are made before the next move. */
  readonly steps: number;
  /** Whether everything is worked off before the next move. */
  readonly rests: boolean;
}

const FAULTS: readonly Handset['fault'][] = ['dead', 'unavailable', 'lost answer', 'no answer'];

/** Commands after which the handset that gave them is done with the ring. */
const ANSWERS: ReadonlySet<CommandName> = new Set(['accept', 'reject', 'cancel', 'leave', 'end']);

/** What a phone may do with the token of the push that woke it. */
const BY_WAKE_TOKEN: ReadonlySet<CommandName> = new Set(['accept', 'reject', 'ringing']);

/** The ring that a token declines: the one whose push it came with. */
const declinedBy = (command: CommandName, { kind, ringId }: UserPrincipal): string | undefined =>
  kind === 'wake' && command === 'reject' ? ringId : undefined;

/** Commands that only whoever makes a call gives, unless anybody may. */
const BY_CREATOR: ReadonlySet<Move['kind']> = new Set(['ring', 'create', 'create silently', 'cancel']);

/** Commands that name a call which may not be there yet. */
const MAKES_CALLS: ReadonlySet<CommandName> = new Set([
  'ring',
  'ring too',
  'ring again',
  'ring anew',
  'create',
  'create silently',
]);

/** How somebody hangs up a call that they place at the same moment. */
const HANG_UPS = ['cancel', 'end', 'leave'] as const;

const isCommand = (kind: Move['kind']): kind is CommandName => Object.hasOwn(COMMANDS, kind);
const COMMAND_NAMES = Object.keys(COMMANDS).filter((name): name is CommandName => Object.hasOwn(COMMANDS, name));

/** Moves, the likely ones more often. */
export const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('ring' as const, 'accept' as const, 'all accept' as const) },
      { weight: 2, arbitrary: fc.constantFrom('connect' as const, 'offer' as const, 'candidate' as const) },
      { weight: 5, arbitrary: fc.constantFrom(...COMMAND_NAMES, ...HAPPENINGS) },
    ),
    who: fc.nat(6),
    call: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(4) }),
    killAt: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(12) }),
    steps: fc.nat(14),
    rests: fc.boolean(),
  }),
  { minLength: 3, maxLength: 14 },
);

/** What a command comes to whose handler died. */
export const KILLED = 'killed';

/** A command that somebody gave, and what they were told. */
export interface Told {
  readonly name: string;
  readonly command: CommandName;
  /** The call that it is on; a client that names none is told with the answer. */
  cid: string;
  /** What it was put into words as by a client that names no calls. */
  readonly wish?: Wish;
  readonly user: UserPrincipal;
  readonly hardwareId: string | undefined;
  /** Whether the product may believe that the handset has another socket. */
  readonly hasOthers: boolean;
  /** Whether it hangs up a call that goes on. */
  readonly hangsUp?: boolean;
  /** The ring that it answers, if it says so. */
  readonly ringId?: string;
  /** The text of the signal that it sends. */
  readonly signal: string;
  /** The try before it, whose handler died. */
  readonly retryOf?: string;
  /** Whom a client means that names no call. */
  readonly peer?: string;
  /** Whether a client of sessions asked for it: whoever began one takes a token as whoever answers does. */
  readonly isOfSession?: true;
  /** The version of the call, 0 where there was none, and the time, when it was given. */
  from: { readonly version: number; readonly at: EpochMs };
  to?: { readonly version: number; readonly at: EpochMs };
  /** `ok`, `killed`, a code, or what broke. */
  answer?: string;
}

/** The calls that are played with: three of the same two, one of a group, one of somebody else. */
const CALLS = [
  { creator: 'alice', others: ['bob'] },
  { creator: 'alice', others: ['bob', 'carol'] },
  { creator: 'bob', others: ['alice'] },
  { creator: 'carol', others: ['bob'] },
  { creator: 'alice', others: ['bob'] },
] as const;

/** Two commands that one socket sends without waiting for an answer. */
export interface Pipeline {
  readonly ring: Told;
  readonly next: Told;
}

/** Plays moves in a world; `run` makes its names its own. */
export function player(world: World, stepper: Stepper, run: string) {
  const told: Told[] = [];
  const pipelines: Pipeline[] = [];
  const cidOf = (number: number): string => `default:${run}-${number}`;
  /** The calls that were made by clients that name none, latest first. */
  const unnamed = (): string[] =>
    [...world.written.keys()].filter((cid) => !CALLS.some((_, number) => cidOf(number) === cid)).toReversed();
  const versionOf = (cid: string): number => world.written.get(cid)?.at(-1)?.call.version ?? 0;

  function userOf(handset: Handset): UserPrincipal {
    const socket = world.socketOf(handset);
    return {
      userId: handset.userId,
      kind: 'login',
      tokenFingerprint: `login-${handset.id}`,
      ...defined({ hardwareId: handset.hardwareId }),
      // What a socket says that a push opened is limited; the app asks over HTTPS with its login instead.
      ...(socket?.state === 'open' &&
        socket.user.kind === 'login' && {
          connectionId: socket.id,
          ...defined({ sessionId: socket.user.sessionId }),
        }),
    };
  }

  /** Who a phone is that a push for that call has woken, and that has no socket of its login: whom the token in the push speaks for. */
  function userFor(command: CommandName, handset: Handset, cid: string): UserPrincipal {
    const user = userOf(handset);
    const ringId = handset.woken.get(cid);
    if (ringId === undefined || user.connectionId !== undefined || !BY_WAKE_TOKEN.has(command)) return user;
    return {
      ...user,
      ...defined({ hardwareId: handset.hardwareId }),
      kind: 'wake',
      tokenFingerprint: `device:${handset.id}`,
      cid,
      ringId,
    };
  }

  /** The call that a client means: one that it rings for, or is in, and that was made by a client that names none; or else the one with that number. */
  function meant(command: CommandName, { userId }: Handset, number: number): string {
    const latest = unnamed().find((cid) => {
      const call = world.written.get(cid)?.at(-1)?.call;
      return call && memberOf(call, userId) && call.status !== 'ended';
    });
    return latest === undefined || MAKES_CALLS.has(command) ? cidOf(number) : latest;
  }

  /** Whom a client means that names no call. */
  function peerIn({ userId }: Handset, number: number): string {
    const { creator = '', others = [] } = CALLS[number] ?? {};
    const everybody = [creator, ...others].map((one) => `${one}-${run}`);
    return everybody.find((one) => one !== userId) ?? '';
  }

  /** The ring of `peer` that a handset makes heard. */
  const ringOf = (handset: Handset, peer: string): string | undefined =>
    audible(handset, world.time.now)
      .flatMap(({ cid }) => world.written.get(cid)?.at(-1)?.call ?? [])
      .find((call) => memberOf(call, peer) && !isHosted(call))?.cid;

  /**
   * Whether a client lets its user ask for that. It rings nobody while it shows a call with somebody else, nor anybody again
   * before it knows that they were rung; it has no answer to a ring whose offer it has not got; and it hangs up with whom it
   * shows.
   */
  function isOffered(handset: Handset, wish: Wish, peer: string): boolean {
    const { shows } = handset;
    switch (wish) {
      case 'ring':
        if (audible(handset, world.time.now).length > 0) return false;
        return shows === undefined || (shows.peer === peer && shows.cid !== undefined && !isAsking(shows.by));
      case 'answer':
        return shows === undefined && [...world.written.keys()].some((cid) => wasRung(handset, cid, peer));
      case 'end':
        return shows === undefined || shows.peer === peer;
      case 'reject':
      case 'end any':
      case 'candidate':
        return true;
    }
  }

  const isGoingOn = (cid = ''): boolean =>
    ['ringing', 'active'].includes(world.written.get(cid)?.at(-1)?.call.status ?? '');

  /** Whether somebody has made that call. */
  const isBy = (cid: string | undefined, userId: string): boolean =>
    world.written.get(cid ?? '')?.[0]?.call.createdBy.id === userId;

  /** Whether something that was asked for is not answered yet. */
  const isAsking = (by: string): boolean => told.some(({ name, answer }) => name === by && answer === undefined);

  const wasRung = (handset: Handset, cid: string, peer: string): boolean => {
    const call = world.written.get(cid)?.at(-1)?.call;
    return call !== undefined && memberOf(call, peer) !== undefined && world.notices.wasTold(handset, cid, 'ring');
  };

  /** Whether a user asks again for something that was not answered: whoever is rung meanwhile rings nobody. */
  const isStillWanted = ({ shows }: Handset, { wish, name }: Told): boolean => wish !== 'ring' || shows?.by === name;

  /** Asks for something in the words of a dialect, over an open connection; where the handler dies, the user asks again. */
  function ask(
    command: CommandName,
    handset: Handset,
    number: number,
    killAt?: number,
    before?: Told,
  ): Told | undefined {
    const { dialect } = handset;
    const wish = WISHES[command];
    const user = userOf(handset);
    const { connectionId } = user;
    const peer = before?.peer ?? peerIn(handset, number);
    if (!isOneCall(dialect) || wish === undefined || connectionId === undefined) return undefined;
    if (!before && !isOffered(handset, wish, peer)) return undefined;
    // Whoever hangs up may ring again within the same millisecond.
    const last = told.findLast((one) => one.user.connectionId === connectionId);
    const isHasty = !before && wish === 'ring' && last?.hangsUp === true && last.from.at === world.time.now;
    if (!isHasty) world.time.now = later(world.time.now, 1);
    const at = world.time.now;
    const name = `${wish} ${peer} by ${handset.id}${before ? ' again' : ''} #${told.length}`;
    const signal = before?.signal ?? `signal of ${name}`;
    const versions = new Map([...world.written.keys()].map((cid) => [cid, versionOf(cid)]));
    const about: Told = {
      name,
      command,
      cid: '',
      wish,
      peer,
      user,
      hardwareId: handset.hardwareId,
      hasOthers: false,
      from: { version: 0, at },
      signal,
      hangsUp: (wish === 'end' || wish === 'end any') && isGoingOn(handset.shows?.cid),
      ...defined({ retryOf: before?.name }),
    };
    told.push(about);
    const shown = wished(handset, { wish, to: peer, ring: ringOf(handset, peer), by: name, before: before?.name });
    world.log.push(name);
    const from = { user: { ...user, connectionId }, at };
    const words = wordsFor(dialect, wish, peer, signal);
    void stepper
      .start(name, (process) => speak(world.depsFor(process), dialect, words, from), killAt)
      .then((outcome) => {
        const cid = outcome.ok ? outcome.value : undefined;
        about.cid = cid ?? world.overheard.cidOf(signal) ?? '';
        about.from = { version: versions.get(about.cid) ?? 0, at };
        about.to = { version: versionOf(about.cid), at: world.time.now };
        about.answer = outcome.ok ? 'ok' : codeOf(outcome.error);
        world.log.push(`${name}: ${about.answer} ${cid}`);
        if (about.answer !== KILLED) {
          world.overheard.done(signal);
          const isTheirs = isBy(cid, peer);
          acknowledged(handset, wish, shown, { isOk: outcome.ok, cid, isTheirs });
        } else if (!before && isStillWanted(handset, about)) ask(command, handset, number, undefined, about);
      });
    return about;
  }

  /** Gives a command, in the words that its handset speaks. */
  function give(command: CommandName, handset: Handset, number: number, killAt?: number): Told | undefined {
    const isBackend = command === 'create';
    if (handset.dialect === 'native' || isBackend) return order(command, handset, number, killAt);
    return (handset.dialect === 'sessions' ? request : ask)(command, handset, number, killAt);
  }

  /** The session that a client means: one that it rings for, or else the latest that goes on as far as it knows, or any. */
  function meantSession(handset: Handset): string | undefined {
    const rings = audible(handset, world.time.now).map(({ cid }) => cid);
    const known = [...handset.heard.map(({ cid }) => cid), ...handset.views.keys()].filter((cid) => isSession(cid));
    const isOn = (cid: string): boolean => handset.views.get(cid)?.status !== 'ended' && !handset.over.has(cid);
    return rings.findLast(isSession) ?? known.findLast(isOn) ?? known.at(-1);
  }

  const isSession = (cid: string): boolean => cid.startsWith(hostedCid(''));

  /** Asks for something about a session over REST; where the handler dies, the client asks again. */
  function request(
    command: CommandName,
    handset: Handset,
    number: number,
    killAt?: number,
    before?: Told,
  ): Told | undefined {
    const what = SESSION_ACTS[command];
    const peer = before?.peer ?? peerIn(handset, number);
    const cid = before?.cid ?? (what === 'ring' ? '' : meantSession(handset));
    if (what === undefined || cid === undefined) return undefined;
    // Nobody asks again within the same millisecond.
    if (before) world.time.now = later(world.time.now, 1);
    const { userId, hardwareId } = handset;
    const login = { userId, kind: 'login' as const, tokenFingerprint: `login-${handset.id}` };
    const woken = userFor(what, handset, cid);
    const user = woken.kind === 'wake' ? woken : login;
    const name = `${what} session ${cid || `with ${peer}`} by ${handset.id}${before ? ' again' : ''} #${told.length}`;
    const from = { version: versionOf(cid), at: world.time.now };
    const about: Told = {
      ...{ name, command: what, cid, peer, user, hardwareId, from, signal: '', hasOthers: false, isOfSession: true },
      ...defined({ retryOf: before?.name, ringId: declinedBy(what, user) }),
    };
    told.push(about);
    world.log.push(name);
    const asked = { user, hardwareId, cid, peer };
    void stepper
      .start(name, (process) => SESSION_REQUESTS[what](world.depsFor(process), asked), killAt)
      .then((outcome) => {
        if (outcome.ok) about.cid = outcome.value.cid;
        about.to = { version: versionOf(about.cid), at: world.time.now };
        about.answer = outcome.ok ? 'ok' : codeOf(outcome.error);
        world.log.push(`${name}: ${about.answer} ${about.cid}`);
        if (about.answer !== KILLED) served(handset, about, outcome);
        else if (!before) request(command, handset, number, undefined, about);
      });
    return about;
  }

  /** What a client of sessions makes of an answer: how the session stands may be newer. */
  function served(handset: Handset, { command, cid }: Told, outcome: Outcome<Call>): void {
    if (command !== 'ring') silenceCall(handset, cid);
    if (outcome.ok) lookAtSession(handset, outcome.value);
    world.lookUp({ handset });
  }

  /** Gives a command; where its handler dies, the client asks again in the same words. */
  function order(command: CommandName, handset: Handset, number: number, killAt?: number, before?: Told): Told {
    // Nobody asks again within the same millisecond.
    if (before) world.time.now = later(world.time.now, 1);
    const cid = before?.cid ?? meant(command, handset, number);
    const user = userFor(command, handset, cid);
    const { creator = '', others = [] } = CALLS[number] ?? {};
    const everybody = [creator, ...others].map((one) => `${one}-${run}`);
    const name = `${command} ${cid} by ${handset.id}${before ? ' again' : ''} #${told.length}`;
    const signal = before?.signal ?? `signal of ${name}`;
    const answersOne = command === 'accept that ring' || command === 'reject that ring';
    const heard = answersOne ? handset.heard.find((ring) => ring.cid === cid)?.ringId : undefined;
    const answeredRing = answersOne && before ? before.ringId : heard;
    const from = { version: versionOf(cid), at: world.time.now };
    const about: Told = {
      name,
      command,
      cid,
      user,
      hardwareId: handset.hardwareId,
      hasOthers: world.sockets.some(
        (socket) => socket.handset === handset && socket.id !== user.connectionId && !socket.isForgotten,
      ),
      from,
      signal,
      ...defined({ ringId: answeredRing ?? declinedBy(command, user), retryOf: before?.name }),
    };
    told.push(about);
    world.log.push(name);
    const ringIds = { ringId: `again-${number}-${run}`, newRingId: `new ${signal}`, answeredRing };
    const wanted = { cid, user, everybody, signal, ...ringIds };
    void stepper
      .start<Call | undefined>(name, (process) => COMMANDS[command](world.depsFor(process), wanted), killAt)
      .then((outcome) => {
        about.to = { version: versionOf(cid), at: world.time.now };
        about.answer = outcome.ok ? 'ok' : codeOf(outcome.error);
        world.log.push(`${name}: ${about.answer}`);
        if (about.answer !== KILLED) world.overheard.done(signal);
        if (about.answer !== KILLED) heed(handset, about, outcome);
        else if (!before) order(command, handset, number, undefined, about);
      });
    return about;
  }

  /** Whoever answered, declined, or was told that there is nothing to answer, rings no more. */
  function heed(
    handset: Handset,
    { command, cid, ringId, answer, user }: Told,
    outcome: Outcome<Call | undefined>,
  ): void {
    if (ringId !== undefined) silence(handset, ringId);
    else if (ANSWERS.has(command) && answer !== 'not_allowed') silenceCall(handset, cid);
    // The backend is told, no handset.
    if (outcome.ok && outcome.value && command !== 'create') answered(handset, outcome.value);
    if (answer === 'call_ended') ended(handset, cid);
    // An answer that comes after the handset has connected, and has looked at what it knew, may be old.
    if (world.socketOf(handset)?.id === user.connectionId) return;
    world.lookUp({ handset });
  }

  function close(handset: Handset, isTold: boolean, socket = world.socketOf(handset)): void {
    if (!socket || socket.state === 'connecting') return;
    socket.state = isTold ? 'closed' : 'half open';
    world.log.push(`${handset.id} is ${socket.state}`);
    if (isTold) void world.disconnect(socket);
  }

  /** Time passes; an upgrade is refused or answered within seconds. */
  const pass = (ms: number): void => {
    world.time.now = later(world.time.now, ms);
    for (const socket of world.sockets) if (socket.state === 'connecting') socket.state = 'closed';
  };

  /** A message among those that fit. */
  const message = ({ who }: Move, fits: (taken: boolean) => boolean) => {
    const able = world.messages.filter(({ taken }) => fits(taken));
    return able[who % Math.max(able.length, 1)];
  };

  const happen: Record<Happening, (handset: Handset, move: Move) => void> = {
    connect: (handset) => world.connect(handset),
    disconnect: (handset) => close(handset, true),
    'lose silently': (handset) => close(handset, false),
    'posts fail'(handset, { call, steps }) {
      for (const socket of world.sockets) {
        if (socket.handset !== handset || socket.state !== 'open') continue;
        socket.failing = 1 + (steps % 3);
        socket.arrives = call % 2 === 1;
      }
    },
    'answers get lost'(_, { steps }) {
      world.lost.answers = 1 + steps;
    },
    wait() {
      pass(3000);
      for (const socket of world.sockets) if (socket.state === 'half open') socket.state = 'closed';
    },
    'ring out': () => pass(10_000),
    fault(handset, move) {
      handset.fault = FAULTS[move.call] ?? 'none';
    },
    duplicate(_, move) {
      const twice = message(move, () => true);
      if (twice) world.messages.push({ ...twice, taken: false });
    },
    early(_, move) {
      const hurried = message(move, (taken) => !taken);
      if (hurried) hurried.due = world.time.now;
    },
    'all accept'(_, { call }) {
      for (const handset of world.handsets) give('accept', handset, call);
    },
    'start anew'(handset, { call }) {
      // Without a session, nobody can tell that its app was started anew.
      if (handset.dialect !== 'native' && handset.session === undefined) return;
      const own = world.sockets.filter((socket) => socket.handset === handset);
      if (own.some(({ state }) => state === 'connecting')) return;
      for (const socket of own) if (socket.state === 'open') close(handset, call % 2 === 0, socket);
      startAnew(handset);
      world.connect(handset);
    },
    'ring and hang up'(handset, { call, steps }) {
      if (!isMember(handset, call)) return;
      follow(give('ring too', handset, call), give(HANG_UPS[steps % HANG_UPS.length] ?? 'end', handset, call));
    },
    'ring and signal'(handset, { call, steps }) {
      if (!isMember(handset, call)) return;
      const ring = give('ring too', handset, call);
      follow(ring, give(steps % 2 === 0 ? 'candidate' : 'offer', handset, call));
      follow(ring, give('candidate', handset, call));
    },
    'ring at once'(_, { call, steps }) {
      // Both ends ring each other: by one and the same call, or by two.
      const [one, other] = [handsetOf('alice', steps), handsetOf('bob', steps)];
      if (one) give('ring too', one, 0);
      if (other) give('ring too', other, call % 2 === 0 ? 0 : 2);
    },
    block({ userId }, { call }) {
      const others = [...new Set(world.handsets.map((one) => one.userId))].filter((other) => other !== userId);
      const other = others[call % others.length];
      if (other !== undefined) void stepper.start('a block', () => world.toggleBlock(userId, other));
    },
    'do not disturb'({ userId }) {
      void stepper.start('do not disturb', () => world.toggleDoNotDisturb(userId));
    },
    'kill a worker'(_, move) {
      const lost = message(move, (taken) => !taken);
      if (lost) void world.handle(lost, Math.max(move.killAt ?? 3, 1));
    },
  };

  /** Remembers what one socket sends right behind a ring, on the same call. */
  function follow(ring: Told | undefined, next: Told | undefined): void {
    if (ring && next && next.cid === ring.cid && !ring.wish) pipelines.push({ ring, next });
  }

  /** One of the handsets of a user, by number. */
  const handsetOf = (name: string, number: number): Handset | undefined => {
    const own = world.handsets.filter(({ userId }) => userId === `${name}-${run}`);
    return own[number % own.length];
  };

  const isMember = ({ userId }: Handset, call: number): boolean =>
    [CALLS[call]?.creator, ...(CALLS[call]?.others ?? [])].some((name) => userId === `${name}-${run}`);

  function make(move: Move): void {
    const handset = world.handsets[move.who];
    const creator = handsetOf(CALLS[move.call]?.creator ?? '', Math.floor(move.who / 3));
    if (!handset || !creator) return;
    if (isCommand(move.kind)) {
      // Whoever rings as a stranger would be in the call.
      if (move.kind === 'ring too' && !isMember(handset, move.call)) return;
      const actor = BY_CREATOR.has(move.kind) ? creator : handset;
      give(move.kind, actor, move.call, move.killAt);
    } else {
      world.log.push(`${move.kind} ${handset.id} ${move.call}`);
      happen[move.kind](handset, move);
    }
  }

  return {
    told,
    pipelines,
    /** All calls. */
    cids: (): string[] => [...new Set([...CALLS.map((_, number) => cidOf(number)), ...unnamed()])],
    /** Makes all moves; `afterRest` runs whenever everything has been worked off. */
    async play(all: readonly Move[], afterRest: () => Promise<void>): Promise<void> {
      for (const move of all) {
        make(move);
        for (let step = 0; step < move.steps; step += 1) {
          const [next] = world.due();
          if (next) void world.handle(next);
          await stepper.step();
        }
        if (!move.rests) continue;
        await world.drain();
        await afterRest();
      }
    },
  };
}

function codeOf(error: unknown): string {
  if (error instanceof Killed) return KILLED;
  return error instanceof ServiceError ? error.code : String(error);
}

export type Player = ReturnType<typeof player>;
