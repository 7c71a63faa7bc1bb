import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoGuardStore } from '#adapters/dynamodb/guard-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoHostedPairs } from '#adapters/dynamodb/hosted-pairs.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushLog } from '#adapters/dynamodb/push-log.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoRingCounters } from '#adapters/dynamodb/ring-counters.ts';
import { dynamoShownCalls } from '#adapters/dynamodb/shown-calls.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { type Call, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { defined } from '#domain/defined.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { recordName, type Shown } from '#domain/shown.ts';
import { type EpochMs, epochMs, later, SECOND_MS } from '#domain/time.ts';
import type { CallEvent } from '#ports/call-event.ts';
import type { Notice } from '#ports/notice.ts';
import type { Delivery, Peer } from '#ports/peer-link.ts';
import type { Push, PushOutcome } from '#ports/push-sender.ts';
import type { HelloJob, Queue, RingJob, TimerJob } from '#ports/queues.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { runTimer } from '#usecases/calls/run-timer.ts';
import { closeConnection } from '#usecases/connections/close-connection.ts';
import { openConnection } from '#usecases/connections/open-connection.ts';
import { sayHello } from '#usecases/connections/say-hello.ts';
import { tellHandset } from '#usecases/one-call/tell-handset.ts';
import { tellOfSession } from '#usecases/one-call/tell-of-session.ts';
import { notifyMember } from '#usecases/ringing/notify-member.ts';
import { retryPush } from '#usecases/ringing/retry-push.ts';
import { retryStopOrNotice } from '#usecases/ringing/retry-stop-or-notice.ts';
import { RingIsLeased, ringMember } from '#usecases/ringing/ring-member.ts';
import { silenceMember } from '#usecases/ringing/silence-member.ts';
import { silenceRemoved } from '#usecases/ringing/silence-removed.ts';
import { nativePush } from '#wire/push/native/payload.ts';
import { encodeNative } from '#wire/socket/native/encode.ts';
import type { SocketEvent } from '#wire/socket/packets.ts';
import { encodeSessions } from '#wire/socket/sessions/encode.ts';
import { losingAnswers, type Mishap } from '../support/losing-answers.ts';
import { type Handset, hear, look, sessionOf, wake } from './handset.ts';
import { memoryTable } from './memory-table.ts';
import { overhearingNotices, type Teller } from './notices.ts';
import { ENCODE, hearEvent, isOneCall } from './one-call-client.ts';
import { lookAtSession, overhearingSessions, type SessionTeller } from './session-client.ts';
import { isActiveFrame, isSignalFrame, overhearing } from './signals.ts';
import { hearsOf, type Socket } from './socket.ts';
import type { Outcome, Process, Stepper } from './stepper.ts';

type Payload = Readonly<Record<string, string>>;

/** A message in a queue, or on its way to a handler. */
interface Message {
  readonly queue: 'ring' | 'deadline' | 'hello';
  readonly job: unknown;
  due: EpochMs;
  receives: number;
  taken: boolean;
  /** Whether it is a second copy of one that was handled. */
  readonly copy?: true;
}

/** A change that was written, and by whom. */
export interface Written {
  readonly by: string;
  readonly at: EpochMs;
  readonly call: Call;
}

const isAlive = ({ state }: Socket): boolean => state === 'open' || state === 'connecting';

const isOpenToUs = ({ state }: Socket): boolean => state === 'open' || state === 'half open';

/** Whoever failed a message has it back after that. */
const VISIBILITY_MS = 7 * SECOND_MS;
const MAX_RECEIVES = 5;
/** No upgrade takes longer. */
const UPGRADE_MS = 4 * SECOND_MS;
/** No handler lives longer. */
const LIFE_MS = 5 * SECOND_MS;

/** Everything around the use cases: a real table, and queues, sockets, push services and handsets that do what the real ones may do. */
export function aWorld({
  stepper,
  table: name,
  handsets,
  twice,
}: {
  readonly stepper: Stepper;
  /** The table in the engine; without one, the game has a table in memory. */
  readonly table: string | undefined;
  readonly handsets: readonly Handset[];
  /** Whether the queues deliver every message twice. */
  readonly twice: boolean;
}) {
  const time = { now: epochMs(Date.now()) };
  const clock = (): EpochMs => time.now;
  /** To how many of the next writes the answer is lost. */
  const lost = { answers: 0 };
  const losesOne = (): Mishap | undefined => {
    if (lost.answers === 0) return undefined;
    lost.answers -= 1;
    return 'lost answer';
  };
  const table = losingAnswers(name === undefined ? memoryTable(clock) : dynamoTable(name, clock), losesOne);
  const messages: Message[] = [];
  const sockets: Socket[] = [];
  const written = new Map<string, Written[]>();
  const rung = new Map<string, number>();
  const log: string[] = [];
  const overheard = overhearing(sockets);
  const isEnded = (cid: string): boolean => written.get(cid)?.at(-1)?.call.status === 'ended';
  const notices = overhearingNotices(overheard, isEnded);
  const sessions = overhearingSessions(overheard, (cid) => (written.get(cid) ?? []).map(({ call }) => call));
  /** The rings that a process has pushed. */
  const pushedBy = new WeakMap<Process, string[]>();
  /** Missed-call notices that were pushed, by call. */
  const missed = new Map<string, string[]>();
  /** Whether a crash, or an answer that was lost, allows one push more. */
  const excused = new Set<string>();
  let deadLetters = 0;
  let connections = 0;

  const queue = <Job>(of: Message['queue']): Queue<Job> => ({
    async send(jobs, delayMs = 0) {
      const due = later(time.now, Math.ceil(delayMs / SECOND_MS) * SECOND_MS);
      for (const job of jobs) messages.push({ queue: of, job, due, receives: 0, taken: false });
    },
  });

  const calls = dynamoCallStore(table, 30);
  const presence = dynamoPresenceStore(table);
  const guards = dynamoGuardStore(table);
  const kept = dynamoMailbox(table);
  const shownCalls = dynamoShownCalls(table);
  const traces = dynamoTraceStore(table, 30);
  const note = (by: string, call: Call): void => {
    written.set(call.cid, [...(written.get(call.cid) ?? []), { by, at: time.now, call }]);
    overheard.wrote(call);
  };

  const overhear = (socket: Socket, heard: object, begun: number): void => {
    if (isSignalFrame(heard)) overheard.arrived(socket, heard, begun);
    if (isActiveFrame(heard)) overheard.told(socket, heard, begun);
  };

  /** Posts something to a connection; what cannot be posted may arrive all the same. */
  const post = (peer: Peer, arrive: (socket: Socket, isCertain: boolean) => void): 'sent' | 'gone' | 'failed' => {
    const socket = sockets.find(({ id }) => id === peer.id);
    if (!socket || socket.state === 'connecting' || socket.state === 'closed') return 'gone';
    if (socket.state !== 'open') return 'sent';
    const fails = socket.failing > 0;
    if (fails) socket.failing -= 1;
    if (!fails || socket.arrives) arrive(socket, !fails);
    return fails ? 'failed' : 'sent';
  };

  /** Posts each frame by itself, up to the first that cannot be posted. */
  const postAll = <Told>(all: readonly Told[], one: (told: Told) => 'sent' | 'gone' | 'failed'): Delivery => {
    for (const told of all) {
      const delivery = one(told);
      if (delivery !== 'sent') return delivery;
    }
    return 'sent';
  };

  /** Whether a phone shows another call that goes on: where a claim was lost, since its handler was slow, two people are in two. */
  const isInAnother = ({ shows }: Handset, { cid }: Call): boolean => {
    const shown = shows?.cid === cid ? undefined : shows?.cid;
    return shown !== undefined && !isEnded(shown);
  };

  /** Whether a phone waits for the answer to a ring, and hears of another call than that. */
  const isOfAnother = ({ shows }: Handset, { cid }: Call): boolean =>
    shows?.as === 'calling' && shows.cid === undefined && written.get(cid)?.[0]?.by !== shows.by;

  /** What a phone hears of the call that it shows. */
  const say = (
    peer: Peer,
    notice: Notice,
    by: { readonly teller: Teller; readonly begun: number },
  ): 'sent' | 'gone' | 'failed' => {
    const dead = sockets.find(({ id, state }) => id === peer.id && state === 'half open');
    if (dead) notices.lost(dead.handset, notice);
    return post(peer, (socket, isCertain) => {
      notices.arrived(socket, notice, { ...by, now: time.now, isCertain });
      hearNotice(socket, notice);
      // Milliseconds pass before its user can have done something about it.
      time.now = later(time.now, 1);
    });
  };

  const hearNotice = ({ id, handset }: Socket, notice: Notice): void => {
    const { dialect } = handset;
    const { call, type } = notice;
    if (!isOneCall(dialect)) throw new Error(`a ${dialect} phone is told ${type}`);
    const event = ENCODE[dialect](notice);
    if (isOfAnother(handset, call)) handset.isTorn = true;
    log.push(`${id} hears ${JSON.stringify(event).slice(0, 160)} of ${call.cid}`);
    if (type === 'answer' && !written.get(call.cid)?.[0]?.by.includes(` by ${handset.id} `))
      overheard.faults.push(`${id} hears of an answer in ${call.cid}, which it did not ring`);
    const isInTwo = type === 'ring' && isInAnother(handset, call);
    const hasMissed = (cid: string | undefined): boolean => cid !== undefined && notices.hasLost(handset, cid);
    const wrong = hearEvent(handset, JSON.parse(JSON.stringify(event)), { now: time.now, hasMissed });
    if (isInTwo) handset.isTorn = true;
    if (wrong !== undefined) overheard.faults.push(`${id} ${wrong}`);
  };

  /** What a phone hears of a session. */
  const saySession = (peer: Peer, event: SocketEvent, teller: SessionTeller): 'sent' | 'gone' | 'failed' =>
    post(peer, (socket, isCertain) => {
      log.push(`${socket.id} hears ${JSON.stringify(event).slice(0, 160)}`);
      sessions.arrived(socket, JSON.parse(JSON.stringify(event)), time.now, teller, isCertain);
    });

  const arrive = (socket: Socket, peer: Peer, event: CallEvent, begun: number): void => {
    for (const text of encodeNative(event, peer)) {
      const heard = JSON.parse(text);
      if (heard.type === 'sdp.offer') socket.offers.add(heard.call_cid);
      overhear(socket, heard, begun);
      hear(socket.handset, heard, time.now);
    }
  };

  /** What a push service makes of a message; what it takes, it delivers some time later. */
  function push(process: Process, token: string, payload: Payload, expiresAt: EpochMs): PushOutcome {
    const handset = handsets.find((one) => one.token === token);
    if (!handset || handset.fault === 'dead') return { kind: 'unregistered', status: 404, reason: 'UNREGISTERED' };
    const { fault } = handset;
    handset.fault = 'none';
    if (fault === 'unavailable') return { kind: 'retryable', status: 503, reason: 'UNAVAILABLE' };
    pushedBy.set(process, [...(pushedBy.get(process) ?? []), `${payload['ring_id']} ${token}`]);
    if (fault !== 'none' || process.killAt !== undefined) excused.add(`${payload['ring_id']} ${token}`);
    if (fault !== 'no answer') take(handset, payload, expiresAt);
    return fault === 'none'
      ? { kind: 'accepted', messageId: 'm' }
      : { kind: 'retryable', status: 0, reason: 'timeout' };
  }

  function take(handset: Handset, payload: Payload, expiresAt: EpochMs): void {
    const ring = `${payload['ring_id']} ${handset.token}`;
    const { call_cid: cid = '', type, notify } = payload;
    if (type === 'call.missed' || notify === 'true') missed.set(cid, [...(missed.get(cid) ?? []), handset.id]);
    if (payload['type'] === 'call.ring') rung.set(ring, (rung.get(ring) ?? 0) + 1);
    const arrive = (): void => {
      if (time.now >= expiresAt) return;
      wake(handset, payload, time.now);
      // An iPhone that is woken opens its WebSocket with what the push brought.
      if (handset.kind === 'iphone' && payload['type'] === 'call.ring') connect(handset, payload['call_cid']);
    };
    void stepper.start(`push to ${handset.id}`, (network) => stepper.gate(network, arrive));
  }

  /** An upgrade that takes longer than that is refused. */
  function refuseSlow(ms: number): void {
    for (const socket of sockets)
      if (socket.state === 'connecting' && time.now - socket.openedAt >= ms) socket.state = 'closed';
  }

  /** All ports for one process: each call of one is a step of its own. */
  const depsFor = (process: Process) => {
    const begun = overheard.tick();
    const gated = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get(target, name) {
          const work: unknown = Reflect.get(target, name);
          if (typeof work !== 'function') return work;
          return (...args: unknown[]) => stepper.gate(process, () => Reflect.apply(work, target, args));
        },
      });
    const mailbox = gated({
      ...kept,
      async keep(...[of, signal, until]: Parameters<typeof kept.keep>) {
        overheard.kept(of.cid, String(signal.body['sdp'] ?? signal.body['candidate']));
        return kept.keep(of, signal, until);
      },
    });
    const gatedPresence = gated(presence);
    const watchedCalls = gated({
      ...calls,
      async create(call: Call) {
        const made = await calls.create(call);
        if (made.kind === 'created') note(process.name, call);
        return made;
      },
      async apply(change: Parameters<typeof calls.apply>[0]) {
        const made = await calls.apply(change);
        if (made.kind === 'saved') note(process.name, made.call);
        return made;
      },
      async moveHandset(move: Parameters<typeof calls.moveHandset>[0]) {
        const isMoved = await calls.moveHandset(move);
        if (isMoved) overheard.moved(move.cid, move.userId, move.to);
        return isMoved;
      },
    });
    const native = gated({
      send: async (peer: Peer, events: readonly CallEvent[]) =>
        postAll(events, (event) => post(peer, (socket) => arrive(socket, peer, event, begun))),
    });
    const tellers = new Map<string, Teller>();
    /** This process, as it tells one phone something. */
    const tellerOf = (handset: string): Teller => {
      const teller = tellers.get(handset) ?? { claimedAt: time.now, unnoted: [] };
      tellers.set(handset, teller);
      return teller;
    };
    const phoneRecords = gated({
      ...shownCalls,
      async save(shown: Shown) {
        const isSaved = await shownCalls.save(shown);
        if (isSaved) notices.noted(tellerOf(shown.handset), shown, time.now);
        return isSaved;
      },
    });
    // What such a phone is told goes through several ports, each of which is a step of its own.
    const oneCall = tellHandset({
      clock,
      calls: watchedCalls,
      presence: gatedPresence,
      mailbox,
      shownCalls: phoneRecords,
      ...gated({
        say: async (peer: Peer, notices: readonly Notice[]) =>
          postAll(notices, (notice) => say(peer, notice, { teller: tellerOf(recordName(peer)), begun })),
      }),
    });
    const tellSession = async (peer: Peer, events: readonly CallEvent[]): Promise<Delivery> => {
      const teller: SessionTeller = { since: overheard.tick(), ended: [] };
      const { say } = gated({
        async say(to: Peer, event: CallEvent): Promise<Delivery> {
          const said = encodeSessions(event, to);
          return said.length === 0 ? 'untold' : postAll(said, (one) => saySession(to, one, teller));
        },
      });
      const delivery = await tellOfSession({ shownCalls: phoneRecords, say })(peer, events);
      sessions.done(teller);
      return delivery;
    };
    return {
      clock,
      calls: watchedCalls,
      shownCalls: phoneRecords,
      busyLocks: gated(dynamoBusyLockStore(table)),
      guards: gated(guards),
      ringCounters: dynamoRingCounters(table),
      whoMayRing: 'anyone' as const,
      presence: gatedPresence,
      pushTokens: gated(dynamoPushTokenStore(table)),
      history: gated(dynamoHistoryStore(table, 30)),
      hostedPairs: gated(dynamoHostedPairs(table)),
      media: {
        credential: async (channelName: string, userAccount: string) => ({
          ...{ appId: 'app', channelName, token: 'token', userAccount },
          expiresAt: later(time.now, 3_600_000),
        }),
      },
      mailbox,
      pushLog: gated(dynamoPushLog(table)),
      ringJobs: gated(queue<RingJob>('ring')),
      timers: gated(queue<TimerJob>('deadline')),
      helloJobs: gated(queue<HelloJob>('hello')),
      roomJobs: { send: async () => undefined },
      peers: {
        send: (peer: Peer, events: readonly CallEvent[]) =>
          peer.dialect === 'native'
            ? native.send(peer, events)
            : (peer.dialect === 'sessions' ? tellSession : oneCall)(peer, events),
        ...gated({
          close: async ({ id }: Pick<Peer, 'id'>) => {
            const closed = sockets.find((socket) => socket.id === id && isOpenToUs(socket));
            if (!closed) return;
            closed.state = 'closed';
            void disconnect(closed);
          },
          isOpen: async ({ id }: Pick<Peer, 'id'>) => sockets.some((socket) => socket.id === id && isOpenToUs(socket)),
        }),
      },
      sender: gated({
        send: async ({ token, userId }: PushToken, sent: Push) =>
          push(process, token, nativePush(sent, userId), sent.expiresAt),
      }),
      // What a trace says is no part of the game; who hears of a receipt is.
      traces: { write: async () => undefined, read: async () => [], writeOnce: gated(traces).writeOnce },
      meter: { record: () => undefined },
      providers: { ringingByAlert: async () => new Set<string>() },
      mint: { login: async () => 'login', wake: async () => 'wake', call: async () => 'call' },
      iceServers: async () => [],
      // Whoever waits lets time go by, in which others work.
      wait: (ms: number) =>
        stepper.gate(process, () => {
          for (const next of due()) void handle(next);
          time.now = later(time.now, ms * 10);
          refuseSlow(UPGRADE_MS);
        }),
      random: () => 0.5,
      rules: { busy: 'reject' as const, maxDurationMs: 3_600_000 },
      answerGraceMs: 60_000,
      vanishGraceMs: 20_000,
      maxDurationMs: 3_600_000,
    };
  };

  /** Opens a WebSocket; with `cid` by a token of that call alone. */
  function connect(handset: Handset, cid?: string): void {
    if (sockets.some((socket) => socket.handset === handset && isAlive(socket) && hearsOf(socket, cid))) return;
    connections += 1;
    const tokenFingerprint = cid === undefined ? `login-${handset.id}` : `device:${handset.id}`;
    const user = {
      userId: handset.userId,
      kind: cid === undefined ? ('login' as const) : ('wake' as const),
      tokenFingerprint,
      ...defined({ hardwareId: handset.hardwareId, sessionId: sessionOf(handset), cid }),
    };
    const isNative = handset.dialect === 'native';
    // Milliseconds pass between what a phone was told over one connection and the next one.
    if (!isNative) time.now = later(time.now, 1);
    const socket: Socket = {
      id: `s${connections}-${handset.id}`,
      handset,
      user,
      offers: new Set(),
      signals: new Set(),
      openedAt: time.now,
      isForgotten: false,
      isSessionOver: false,
      isHasty: sockets.some((other) => other.handset === handset && !other.isForgotten),
      wasOpen: !isNative,
      connectTick: overheard.tick(),
      openTick: Number.POSITIVE_INFINITY,
      failing: 0,
      arrives: false,
      state: isNative ? 'connecting' : 'open',
    };
    sockets.push(socket);
    if (!isNative)
      void stepper
        .start(`connect ${socket.id}`, (process) => join(process, socket))
        .then(() => socket.handset.dialect === 'sessions' && lookUp(socket));
    else upgrade(socket);
  }

  /** A client of Socket.IO is told that it is in, and then becomes known: its hello needs no queue, unless it fails. */
  async function join(process: Process, socket: Socket): Promise<void> {
    const { id: connectionId, user, openedAt } = socket;
    const { dialect } = socket.handset;
    const deps = depsFor(process);
    const hello = sayHello(deps);
    const atOnce: Queue<HelloJob> = {
      async send(hellos) {
        socket.openTick = overheard.tick();
        for (const job of hellos)
          await hello(job, false).catch(() => deps.helloJobs.send([{ ...job, attempt: job.attempt + 1 }], SECOND_MS));
      },
    };
    const opened = { connectionId, user, dialect, connectedAt: openedAt };
    await openConnection({ ...deps, helloJobs: atOnce })(opened);
    // Whoever closed its session meanwhile knew nothing of this connection.
    if (await stepper.gate(process, () => socket.isSessionOver)) await closeConnection(deps)({ ...user, connectionId });
  }

  /** The product hears that a socket has closed. */
  async function disconnect(socket: Socket): Promise<void> {
    await stepper.start(`disconnect ${socket.id}`, async (process) => {
      if (socket.handset.dialect !== 'native')
        await stepper.gate(process, () => {
          socket.isSessionOver = true;
        });
      await closeConnection(depsFor(process))({ ...socket.user, connectionId: socket.id });
    });
    socket.isForgotten = true;
  }

  function upgrade(socket: Socket): void {
    const { handset, user } = socket;
    void stepper
      .start(`connect ${handset.id}`, (process) =>
        openConnection(depsFor(process))({
          connectionId: socket.id,
          user,
          dialect: 'native',
          connectedAt: time.now,
        }),
      )
      .then(({ ok }) => {
        if (socket.state !== 'connecting') return;
        socket.state = ok ? 'open' : 'closed';
        socket.wasOpen = ok;
        if (ok) socket.openTick = overheard.tick();
        if (ok) lookUp(socket);
      });
  }

  /** Whoever comes back asks for the calls that it knows: what was said meanwhile is not said again. */
  async function lookAround({ handset }: Pick<Socket, 'handset'>): Promise<void> {
    const known = await calls.findAll([...handset.views.keys()]);
    for (const call of known)
      if (handset.dialect === 'sessions') lookAtSession(handset, asOf(call, time.now));
      else look(handset, call);
  }

  function lookUp(socket: Pick<Socket, 'handset'>): void {
    void stepper.start(`${socket.handset.id} looks`, (process) => stepper.gate(process, () => lookAround(socket)));
  }

  const socketOf = (handset: Handset): Socket | undefined =>
    sockets.find((socket) => socket.handset === handset && isAlive(socket));

  const handlers: Record<Message['queue'], (process: Process, job: never, redelivered: boolean) => Promise<void>> = {
    deadline: (process, job, redelivered) => runTimer(depsFor(process))(job, redelivered),
    hello: (process, job, redelivered) => sayHello(depsFor(process))(job, redelivered),
    ring: (process, job: RingJob, redelivered) => {
      const deps = depsFor(process);
      switch (job.type) {
        case 'ring':
          return ringMember(deps)(job, redelivered);
        case 'retry':
          return retryPush(deps)(job, redelivered);
        case 'stop':
          return silenceMember(deps)(job, redelivered);
        case 'notice':
          return notifyMember(deps)(job, redelivered);
        case 'retry-stop':
        case 'retry-notice':
          return retryStopOrNotice(deps)(job, redelivered);
        case 'stop-removed':
          return silenceRemoved(deps)(job, redelivered);
      }
    },
  };

  /** Hands a message to its handler: what fails comes back after a while. */
  function handle(message: Message, killAt?: number): Promise<Outcome<void>> {
    message.receives += 1;
    message.taken = true;
    const { queue: of, job, receives } = message;
    log.push(`${of} ${JSON.stringify(job)} (${receives})`);
    const startedAt = time.now;
    let pushed: () => readonly string[] = () => [];
    const run = (process: Process): Promise<void> => {
      pushed = () => pushedBy.get(process) ?? [];
      return handlers[of](process, job as never, receives > 1);
    };
    return stepper.start(`${of} handler`, run, killAt).then((outcome) => {
      // No handler lives so long; one that time has passed by has lost its lease.
      if (time.now - startedAt > LIFE_MS) for (const ring of pushed()) excused.add(ring);
      message.taken = false;
      if (outcome.ok) handled(message);
      else failed(message, outcome.error);
      return outcome;
    });
  }

  function failed(message: Message, error: unknown): void {
    log.push(`failed: ${String(error)}`);
    if (message.receives < MAX_RECEIVES) {
      message.due = later(time.now, VISIBILITY_MS);
      return;
    }
    messages.splice(messages.indexOf(message), 1);
    if (!(error instanceof RingIsLeased)) deadLetters += 1;
  }

  function handled(message: Message): void {
    messages.splice(messages.indexOf(message), 1);
    if (twice && !message.copy) messages.push({ ...message, copy: true });
  }

  const due = (): Message[] => messages.filter((message) => !message.taken && message.due <= time.now);

  return {
    time,
    table,
    lost,
    calls,
    presence,
    pushTokens: dynamoPushTokenStore(table),
    handsets,
    sockets,
    messages,
    written,
    rung,
    missed,
    notices,
    overheard,
    excused,
    log,
    depsFor,
    connect,
    disconnect,
    lookUp,
    socketOf,
    handle,
    due,
    deadLetters: () => deadLetters,
    /** Blocks another user, or unblocks them. */
    async toggleBlock(userId: string, other: string): Promise<void> {
      const hasBlocked = (await guards.blocks(userId)).some((block) => block.userId === other);
      if (hasBlocked) await guards.unblock(userId, other);
      else await guards.block(userId, { userId: other, createdAt: time.now });
    },
    /** Somebody does not want to be disturbed, or does again. */
    async toggleDoNotDisturb(userId: string): Promise<void> {
      const { doNotDisturb } = await guards.preferences(userId);
      await guards.setPreferences(userId, doNotDisturb ? {} : { doNotDisturb: true });
    },
    /** Whether somebody else who calls the user is told that they are busy. */
    async isBusy(userId: string): Promise<boolean> {
      await guards.setPreferences(userId, {});
      const caller = { userId: `zoe-${userId}`, kind: 'login' as const, tokenFingerprint: 'zoe' };
      const cid = `default:zoe-${userId}`;
      const ring = stepper.start('zoe rings', (process) =>
        placeCall(depsFor(process))({
          cid,
          user: caller,
          members: [{ userId }],
          video: false,
          custom: {},
        }),
      );
      await this.drain();
      const outcome = await ring;
      if (!outcome.ok) throw outcome.error;
      return memberOf(outcome.value.call, userId)?.state === 'busy';
    },
    /** Steps until nobody has anything to do and no message is due. */
    async drain(): Promise<void> {
      for (let steps = 0; steps < 20_000; steps += 1) {
        if (await stepper.step()) continue;
        const [next] = due();
        if (!next) return;
        void handle(next);
      }
      throw new Error('it never comes to rest');
    },
  };
}

export type World = ReturnType<typeof aWorld>;
