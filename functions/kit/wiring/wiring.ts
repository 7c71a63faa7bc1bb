import { setTimeout as wait } from 'node:timers/promises';
import { agoraMedia } from '#adapters/agora/media-provider.ts';
import { frameLink, peerLink } from '#adapters/apigateway/peer-link.ts';
import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallIndex } from '#adapters/dynamodb/call-index.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoCheckupStore } from '#adapters/dynamodb/checkup-store.ts';
import { dynamoGuardStore } from '#adapters/dynamodb/guard-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoHostedPairs } from '#adapters/dynamodb/hosted-pairs.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushLog } from '#adapters/dynamodb/push-log.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoRingCounters } from '#adapters/dynamodb/ring-counters.ts';
import { dynamoSignOutStore } from '#adapters/dynamodb/sign-out-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { dynamoUserRecords } from '#adapters/dynamodb/user-records.ts';
import { dynamoWebhookLog } from '#adapters/dynamodb/webhook-log.ts';
import { issuerTokens } from '#adapters/jwt/issuer-tokens.ts';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint, tokenVerifier } from '#adapters/jwt/tokens.ts';
import { guardedRequests } from '#adapters/outgoing/guarded-requests.ts';
import { httpsRingHook } from '#adapters/ring-hook/ring-hook.ts';
import { listedProviders } from '#adapters/secrets/listed-providers.ts';
import { readSecret } from '#adapters/secrets/secret.ts';
import { sqsClient, sqsQueue } from '#adapters/sqs/queue.ts';
import { sharedSecretIceServers } from '#adapters/turn/ice-servers.ts';
import { defined } from '#domain/defined.ts';
import { once } from '#domain/once.ts';
import type { RingRate } from '#domain/protection/ring-rate.ts';
import type { WhoMayRing } from '#domain/protection/who-may-ring.ts';
import { type Clock, DAY_MS, epochMs, SECOND_MS } from '#domain/time.ts';
import type { EraseJob, HelloJob, RingJob, RoomJob, TimerJob } from '#ports/queues.ts';
import type { RingHook } from '#ports/ring-hook.ts';
import type { TokenMint, TokenVerifier } from '#ports/tokens.ts';
import type { TraceStore } from '#ports/trace.ts';
import { acceptCall } from '#usecases/calls/accept-call.ts';
import { actOnCall } from '#usecases/calls/act-on-call.ts';
import { addMembers } from '#usecases/calls/add-members.ts';
import { getOrCreateCall } from '#usecases/calls/get-or-create-call.ts';
import { joinHostedCall, readHostedCall, startHostedCall } from '#usecases/calls/hosted-call.ts';
import { listCalls } from '#usecases/calls/list-calls.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { readCall } from '#usecases/calls/read-call.ts';
import { relaySignal } from '#usecases/calls/relay-signal.ts';
import { reportRinging } from '#usecases/calls/report-ringing.ts';
import { resumeCall } from '#usecases/calls/resume-call.ts';
import { ringCall } from '#usecases/calls/ring-call.ts';
import { runTimer } from '#usecases/calls/run-timer.ts';
import { closeConnection } from '#usecases/connections/close-connection.ts';
import { closeSurplusOf } from '#usecases/connections/close-surplus.ts';
import { openConnection } from '#usecases/connections/open-connection.ts';
import { sayHello } from '#usecases/connections/say-hello.ts';
import { type IsSignedOutDeps, isSignedOut } from '#usecases/devices/is-signed-out.ts';
import { listDevices, registerDevice } from '#usecases/devices/register-device.ts';
import { removeDevice } from '#usecases/devices/remove-device.ts';
import { blockUser, listBlocks } from '#usecases/protection/blocks.ts';
import { readPreferences } from '#usecases/protection/read-preferences.ts';
import { replayDelivery } from '#usecases/reports/replay-delivery.ts';
import { listStageCalls } from '#usecases/trace/list-stage-calls.ts';
import { readTrace } from '#usecases/trace/read-trace.ts';
import { deleteUser, eraseUser } from '#usecases/users/delete-user.ts';
import { lookAtUser } from '#usecases/users/look-at-user.ts';
import { signOut } from '#usecases/users/sign-out.ts';
import { issuers } from '#wire/settings/issuers.ts';
import { encodeNative } from '#wire/socket/native/encode.ts';
import { edgeGate } from '../entry/edge-gate.ts';
import { readEnv } from '../entry/env.ts';
import { described, log } from '../observe/log.ts';
import { meter } from '../observe/meter.ts';
import { reportUnreadable } from '../observe/unreadable-row.ts';
import { commandEnv, connectionEnv, deadlineEnv, httpEnv, signalEnv } from './config.ts';
import { deliveryQueue } from './delivery-queue.ts';
import { socketIoLinks, socketIoOf } from './socket-io-links.ts';
import { socketsAt } from './sockets.ts';

export const clock: Clock = () => epochMs(Date.now());

/** Waits `ms`. */
export const pause = async (ms: number): Promise<void> => void (await wait(ms));

interface StoresEnv {
  readonly TABLE_NAME: string;
  readonly RETENTION_DAYS: number;
  readonly CONNECTIONS_URL: string;
  readonly SOCKETIO_URL: string;
}

/** The stores of the table and the sockets, which every function needs. */
export const stores = (env: StoresEnv) => {
  const { TABLE_NAME, RETENTION_DAYS, CONNECTIONS_URL } = env;
  const table = dynamoTable(TABLE_NAME, clock, reportUnreadable);
  const sockets = socketsAt(CONNECTIONS_URL);
  const socketIo = once(() => socketIoOf(env, table));
  const base = {
    clock,
    table,
    calls: dynamoCallStore(table, RETENTION_DAYS),
    presence: dynamoPresenceStore(table),
    mailbox: dynamoMailbox(table),
  };
  return {
    ...base,
    pushTokens: dynamoPushTokenStore(table),
    signOuts: dynamoSignOutStore(table),
    traces: besideTheWork(dynamoTraceStore(table, RETENTION_DAYS)),
    pushLog: dynamoPushLog(table),
    sockets,
    socketIo,
    peers: peerLink(
      frameLink(sockets, encodeNative),
      once(() => socketIoLinks(socketIo(), base)),
    ),
  };
};

/** A trace that cannot be written is logged. It must not fail the call that it is about. */
const besideTheWork = (traces: TraceStore): TraceStore => ({
  ...traces,
  write: (cid, events) =>
    traces
      .write(cid, events)
      .catch((error: unknown) => log.warn('a trace was lost', { call_cid: cid, error: described(error) })),
});

const ringOf = (secretId: string) => keyRing((options) => readSecret(secretId, options), clock);

/** Mints tokens with the key ring in the secret `token-keys`. */
export const mintOf = ({ TOKEN_KEYS_SECRET }: { readonly TOKEN_KEYS_SECRET: string }): TokenMint =>
  tokenMint(ringOf(TOKEN_KEYS_SECRET), clock);

interface IdentityEnv {
  readonly TOKEN_KEYS_SECRET: string;
  /** Parsed when a token of one of them comes. */
  readonly ISSUERS: unknown;
  readonly PRIVATE_NETWORKS: readonly string[];
}

/**
 * Tells who a token speaks for: the one verifier of REST and of every WebSocket API. Good tokens of those who have been
 * signed out since are refused, too.
 */
export const verifierOf = (env: IdentityEnv, deps: IsSignedOutDeps): TokenVerifier => {
  const signedOut = isSignedOut(deps);
  const fromIssuer = once(() =>
    issuerTokens(issuers().parse(env.ISSUERS), {
      outgoing: guardedRequests(env.PRIVATE_NETWORKS),
      clock,
      onFault: (issuer, error) => log.warn('the keys of an issuer cannot be read', { issuer, error: described(error) }),
    }),
  );
  const { verify } = tokenVerifier(ringOf(env.TOKEN_KEYS_SECRET), clock, (token) => fromIssuer()(token));
  return {
    async verify(token) {
      const verified = await verify(token);
      if (verified.kind === 'refused' || !(await signedOut(verified.principal))) return verified;
      return { kind: 'refused', reason: 'signed_out', ...defined({ userId: verified.principal.userId }) };
    },
  };
};

interface CallsEnv extends StoresEnv {
  readonly RING_QUEUE_URL: string;
  readonly DEADLINE_QUEUE_URL: string;
  readonly BUSY: 'reject' | 'ring';
  readonly MAX_DURATION_S: number;
  readonly ANSWER_GRACE_S: number;
  readonly VANISH_GRACE_S: number;
  readonly RING_RATE: RingRate | undefined;
  readonly WHO_MAY_RING: WhoMayRing;
  readonly RING_HOOK_SECRET?: string | undefined;
  readonly PRIVATE_NETWORKS: readonly string[];
}

const ringHookOf = ({ RING_HOOK_SECRET: secretId, PRIVATE_NETWORKS }: CallsEnv): RingHook | undefined =>
  secretId === undefined
    ? undefined
    : httpsRingHook({
        readHookSecret: () => readSecret(secretId),
        outgoing: guardedRequests(PRIVATE_NETWORKS),
        clock,
      });

/** The commands on a call, and what they need. */
export const callCommands = (env: CallsEnv, mint: TokenMint) => {
  const sqs = sqsClient();
  const base = stores(env);
  const deps = {
    ...base,
    sqs,
    mint,
    busyLocks: dynamoBusyLockStore(base.table),
    history: dynamoHistoryStore(base.table, env.RETENTION_DAYS),
    guards: dynamoGuardStore(base.table),
    ringCounters: dynamoRingCounters(base.table),
    ringRate: env.RING_RATE,
    whoMayRing: env.WHO_MAY_RING,
    ringHook: ringHookOf(env),
    meter,
    ringJobs: sqsQueue<RingJob>(sqs, env.RING_QUEUE_URL),
    timers: sqsQueue<TimerJob>(sqs, env.DEADLINE_QUEUE_URL),
    wait: pause,
    rules: { busy: env.BUSY, maxDurationMs: env.MAX_DURATION_S * SECOND_MS },
    answerGraceMs: env.ANSWER_GRACE_S * SECOND_MS,
    vanishGraceMs: env.VANISH_GRACE_S * SECOND_MS,
  };
  return {
    deps,
    getOrCreateCall: getOrCreateCall(deps),
    placeCall: placeCall(deps),
    ringCall: ringCall(deps),
    addMembers: addMembers(deps),
    acceptCall: acceptCall(deps),
    actOnCall: actOnCall(deps),
    readCall: readCall(deps),
    reportRinging: reportRinging(deps),
    resumeCall: resumeCall(deps),
    relaySignal: relaySignal(deps),
  };
};

/** What the http function does. */
export const httpUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(httpEnv);
  const mint = mintOf(env);
  const commands = callCommands(env, mint);
  const maxDurationMs = env.MAX_DURATION_S * SECOND_MS;
  const { table, sqs } = commands.deps;
  const hosted = {
    ...commands.deps,
    hostedPairs: dynamoHostedPairs(table),
    media: agoraMedia({
      readSecret: () => readSecret(env.MEDIA_PROVIDERS_SECRET),
      clock,
      onFault: (fault) => log.error('the media-providers secret is not usable', { fault }),
    }),
  };
  return {
    ...commands,
    startHostedCall: startHostedCall(hosted),
    joinHostedCall: joinHostedCall(hosted),
    readHostedCall: readHostedCall(hosted),
    verifier: verifierOf(env, commands.deps),
    mint,
    cameThroughEdge: edgeGate(env.EDGE_SECRETS),
    version: env.VERSION,
    openMint: env.OPEN_MINT === 'true',
    webSocketUrl: env.WEBSOCKET_URL,
    registerDevice: registerDevice({ ...commands.deps, webPushHosts: env.WEB_PUSH_HOSTS }),
    listPushProviders: async () => listedProviders(await readSecret(env.PUSH_PROVIDERS_SECRET)),
    listDevices: listDevices(commands.deps),
    signOut: signOut({
      ...commands.deps,
      roomJobs: sqsQueue<RoomJob>(sqs, env.ROOM_QUEUE_URL),
      maxDurationMs,
    }),
    deleteUser: deleteUser({ ...commands.deps, erasures: sqsQueue<EraseJob>(sqs, env.DEADLINE_QUEUE_URL) }),
    removeDevice: removeDevice(commands.deps),
    blockUser: blockUser(commands.deps),
    unblockUser: commands.deps.guards.unblock,
    listBlocks: listBlocks(commands.deps),
    readPreferences: readPreferences(commands.deps),
    setPreferences: commands.deps.guards.setPreferences,
    readTrace: readTrace(commands.deps),
    listCalls: listCalls(commands.deps),
    listStageCalls: listStageCalls({
      ...commands.deps,
      callIndex: dynamoCallIndex(table),
      keptMs: env.RETENTION_DAYS * DAY_MS + maxDurationMs,
    }),
    lookAtUser: lookAtUser({ ...commands.deps, userRecords: dynamoUserRecords(table), maxDurationMs }),
    iceServers: iceServers(env),
    checkups: dynamoCheckupStore(table),
    webhooks: env.WEBHOOK_QUEUE_URL === undefined ? undefined : webhookLog(commands.deps, env.WEBHOOK_QUEUE_URL),
  };
});

/** What became of webhooks, and another try at them. */
function webhookLog({ table, sqs }: Pick<ReturnType<typeof callCommands>['deps'], 'table' | 'sqs'>, queueUrl: string) {
  const kept = dynamoWebhookLog(table);
  return { list: kept.page, replay: replayDelivery({ log: kept, replays: deliveryQueue(sqs, queueUrl) }) };
}

/** What the command function does. */
export const commandUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(commandEnv);
  return callCommands(env, mintOf(env));
});

/** What the signal function does. */
export const signalUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(signalEnv);
  const deps = {
    ...stores(env),
    wait: pause,
    timers: sqsQueue<TimerJob>(sqsClient(), env.DEADLINE_QUEUE_URL),
    vanishGraceMs: env.VANISH_GRACE_S * SECOND_MS,
  };
  return { sockets: deps.sockets, relaySignal: relaySignal(deps) };
});

/** What the connection function does. */
export const connectionUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(connectionEnv);
  const sqs = sqsClient();
  const mint = mintOf(env);
  const deps = {
    ...stores(env),
    mint,
    helloJobs: sqsQueue<HelloJob>(sqs, env.HELLO_QUEUE_URL),
    roomJobs: sqsQueue<RoomJob>(sqs, env.ROOM_QUEUE_URL),
    wait: pause,
    timers: sqsQueue<TimerJob>(sqs, env.DEADLINE_QUEUE_URL),
    vanishGraceMs: env.VANISH_GRACE_S * SECOND_MS,
    maxDurationMs: env.MAX_DURATION_S * SECOND_MS,
    iceServers: iceServers(env),
  };
  return {
    verifier: verifierOf(env, deps),
    cameThroughEdge: edgeGate(env.EDGE_SECRETS),
    openConnection: openConnection(deps),
    closeConnection: closeConnection(deps),
    sayHello: sayHello(deps),
    closeSurplusOf: closeSurplusOf(deps),
  };
});

/** What the deadline function does. */
export const deadlineUseCases = /* @__PURE__ */ once(() => {
  const env = readEnv(deadlineEnv);
  const sqs = sqsClient();
  const base = stores(env);
  const deps = {
    ...base,
    vanishGraceMs: env.VANISH_GRACE_S * SECOND_MS,
    answerGraceMs: env.ANSWER_GRACE_S * SECOND_MS,
    maxDurationMs: env.MAX_DURATION_S * SECOND_MS,
    busyLocks: dynamoBusyLockStore(base.table),
    ringJobs: sqsQueue<RingJob>(sqs, env.RING_QUEUE_URL),
    roomJobs: sqsQueue<RoomJob>(sqs, env.ROOM_QUEUE_URL),
    timers: sqsQueue<TimerJob>(sqs, env.DEADLINE_QUEUE_URL),
  };
  return { runTimer: runTimer(deps), eraseUser: eraseUser(deps) };
});

interface TurnEnv {
  readonly TURN_SECRET: string;
  readonly STUN_URLS: string;
  readonly TURN_TTL_S: number;
}

export const iceServers = ({ TURN_SECRET, STUN_URLS, TURN_TTL_S }: TurnEnv) =>
  sharedSecretIceServers({
    readTurnSecret: () => readSecret(TURN_SECRET),
    stunUrls: STUN_URLS.split(',').filter(Boolean),
    ttlMs: TURN_TTL_S * SECOND_MS,
    clock,
    onFault: () => log.error('the turn secret is not usable: clients get no TURN servers'),
  });
