import * as z from 'zod';
import { BUSY_POLICIES } from '#domain/call/call.ts';
import { once } from '#domain/once.ts';
import { WHO_MAY_RING } from '#domain/protection/who-may-ring.ts';

// A schema is made when it is called for: each function has its own alone, and Zod takes long to make one.

const text = /* @__PURE__ */ once(() => z.string().min(1));
const url = /* @__PURE__ */ once(() => z.url());

/** The name that the metrics of this deployment are counted under. */
const stage = () => ({ STAGE: text() });

/** What the meter of every function reads. */
export const stageEnv = () => z.object(stage());

/** What every function has: the one table, and its stage. */
const common = () => ({ ...stage(), TABLE_NAME: text() });

const json = () =>
  z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('is not JSON');
      return z.NEVER;
    }
  });

/** Networks, `address/prefix` and comma-separated, that outgoing requests may reach besides the public internet. */
const privateNetworks = () => ({
  PRIVATE_NETWORKS: z
    .string()
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()]))),
});

/** Secrets Manager ids (ARNs in AWS). */
const tokenKeys = () => ({ TOKEN_KEYS_SECRET: text() });

/** Who may come in: what a function needs that verifies tokens. */
const identity = () => ({
  ...tokenKeys(),
  /** JSON: the identity providers whose tokens are logins. */
  ISSUERS: json(),
  ...privateNetworks(),
});

const seconds = /* @__PURE__ */ once(() => z.coerce.number().int().min(0));

const turn = () => ({
  TURN_SECRET: text(),
  /** Comma-separated `stun:` urls. */
  STUN_URLS: z.string(),
  /** How long TURN credentials are good. */
  TURN_TTL_S: seconds(),
});

/** Queue urls. */
const ringQueue = () => ({ RING_QUEUE_URL: url() });
const deadlineQueue = () => ({ DEADLINE_QUEUE_URL: url() });
const roomQueue = () => ({ ROOM_QUEUE_URL: url() });
const helloQueue = () => ({ HELLO_QUEUE_URL: url() });

/** The stage urls of the WebSocket APIs, `https://…/ws` and `https://…/socketio`, under which their `@connections` live. */
const connections = () => ({ CONNECTIONS_URL: url(), SOCKETIO_URL: url() });

/** The secrets of the edge as JSON, by name: a request that shows none of them is refused. Absent where there is no edge. */
const edge = () => ({ EDGE_SECRETS: text().optional() });

/** The hosts of the push services that browsers use, comma-separated: at them and below them are subscriptions. */
const webPush = () => ({ WEB_PUSH_HOSTS: z.string().transform((text) => text.split(',').filter(Boolean)) });

/** The secret with the keys of the push services. */
const pushProviders = () => ({ PUSH_PROVIDERS_SECRET: text() });

/** How many rings a user may start: in a minute, in an hour, and in five minutes to one callee who does not answer. */
export function ringRate() {
  const rings = z.number().int().min(1).max(10_000);
  return z.strictObject({ minute: rings, hour: rings, pair: rings });
}

/** Whose rings the stage takes. */
export const whoMayRing = () => z.enum(WHO_MAY_RING);

/** Settings of the stage that the rules of ringing depend on. */
const rules = () => ({
  /** What happens to a callee who is in another call: `reject` makes them busy, `ring` rings them anyway. */
  BUSY: z.enum(BUSY_POLICIES),
  /** How long an ended call stays readable. */
  RETENTION_DAYS: z.coerce.number().int().min(1),
  /** How long a call may last before it ends by itself. */
  MAX_DURATION_S: seconds(),
  /** How long a member of a call may be without a connection before they have left. */
  VANISH_GRACE_S: seconds(),
  /** How long a member who accepted may take to open a connection; 0: they need none. */
  ANSWER_GRACE_S: seconds(),
  /** How often a user may ring, as JSON; `off`: as often as they like. */
  RING_RATE: z
    .literal('off')
    .transform(() => undefined)
    .or(z.string().transform((text) => ringRate().parse(JSON.parse(text)))),
  WHO_MAY_RING: whoMayRing(),
  /** The secret that says which backend is asked before a ring. Without it none is. */
  RING_HOOK_SECRET: text().optional(),
});

/** REST, `functions/http`. */
export const httpEnv = () =>
  z.object({
    ...common(),
    ...edge(),
    ...identity(),
    ...turn(),
    ...ringQueue(),
    ...deadlineQueue(),
    ...roomQueue(),
    ...connections(),
    ...rules(),
    /** `true` lets anyone mint a login token: the local stack only. */
    OPEN_MINT: z.enum(['true', 'false']),
    MEDIA_PROVIDERS_SECRET: text(),
    ...webPush(),
    ...pushProviders(),
    /** The queue of webhooks that are tried once more. Absent if the stage has no events. */
    WEBHOOK_QUEUE_URL: url().optional(),
    /** Where clients open their WebSocket if no edge is before the APIs, `wss://…/ws`. */
    WEBSOCKET_URL: url(),
    /** The package version that `/health` reports. */
    VERSION: text(),
  });

/** Authorizer, $connect, $disconnect and hello, `functions/websocket/connection.ts`. */
export const connectionEnv = () =>
  z.object({
    ...common(),
    ...edge(),
    ...identity(),
    ...turn(),
    ...connections(),
    ...rules(),
    ...deadlineQueue(),
    ...helloQueue(),
    ...roomQueue(),
  });

/** Call commands over the socket, `functions/websocket/command.ts`. */
export const commandEnv = () =>
  z.object({
    ...common(),
    ...tokenKeys(),
    ...ringQueue(),
    ...deadlineQueue(),
    ...connections(),
    ...privateNetworks(),
    ...rules(),
  });

/** Clients of Socket.IO, `functions/websocket/socketio.ts`. */
export const socketIoEnv = () =>
  z.object({
    ...common(),
    ...edge(),
    ...identity(),
    ...turn(),
    ...ringQueue(),
    ...deadlineQueue(),
    ...connections(),
    ...rules(),
    ...roomQueue(),
    SOCKETIO_QUEUE_URL: url(),
    /** How long API Gateway lets a quiet WebSocket live. */
    SOCKET_IDLE_S: seconds(),
    /** `true` lets the bare user id of a `join` be a login: the local stack only. */
    OPEN_MINT: z.enum(['true', 'false']),
  });

/** Relay of SDP and ICE, `functions/websocket/signal.ts`. */
export const signalEnv = () => z.object({ ...common(), ...connections(), ...rules(), ...deadlineQueue() });

/** Push fan-out, `functions/queue/ring.ts`. */
export const ringEnv = () =>
  z.object({
    ...deadlineQueue(),
    ...common(),
    ...tokenKeys(),
    ...ringQueue(),
    ...connections(),
    ...rules(),
    ...pushProviders(),
    ...webPush(),
    /** Hosts to use for FCM, APNs and the APNs sandbox instead of Google's and Apple's own, `https://host:port`. */
    CARILLON_FCM_ENDPOINT: url().optional(),
    CARILLON_APNS_ENDPOINT: url().optional(),
    CARILLON_APNS_SANDBOX_ENDPOINT: url().optional(),
  });

/** Ring deadline and vanish grace, `functions/queue/deadline.ts`. */
export const deadlineEnv = () =>
  z.object({
    ...common(),
    ...ringQueue(),
    ...deadlineQueue(),
    ...roomQueue(),
    ...connections(),
    ...rules(),
  });

/** Rooms, `functions/websocket/room.ts`. */
export const roomEnv = () =>
  z.object({
    ...common(),
    ...identity(),
    ...edge(),
    /** The stage url of the WebSocket API of rooms, `https://…/rooms`, under which its `@connections` live. */
    CONNECTIONS_URL: url(),
    ...roomQueue(),
    ...helloQueue(),
    /** How long the connections of a room may be quiet before they are written to. */
    KEEP_ALIVE_S: seconds(),
  });

/** Webhooks: the secret that names them, and the queue of tries that are due. */
const webhooks = () => ({ WEBHOOKS_SECRET: text(), WEBHOOK_QUEUE_URL: url() });

/** What the table has committed, for the app's backend, `functions/queue/events.ts`. */
export const eventsEnv = () =>
  z.object({
    ...common(),
    ...privateNetworks(),
    ...webhooks(),
    /** The name of the bus. */
    EVENT_BUS: text(),
    /** The queue for records that cannot be read. */
    UNREAD_QUEUE_URL: url(),
  });

/** Calls of webhooks, `functions/queue/webhook.ts`. */
export const webhookEnv = () =>
  z.object({
    ...common(),
    ...privateNetworks(),
    ...webhooks(),
    /** The queue of tries that are not due yet. */
    PAUSE_QUEUE_URL: url(),
    /** The queue of those that were tried in vain. */
    DEAD_QUEUE_URL: url(),
  });

/** The environment that a function with that schema must be given: every variable is a string, and the optional ones are left out. */
export type EnvOf<Schema extends () => z.ZodObject> = {
  readonly [K in keyof Input<Schema> as undefined extends Input<Schema>[K] ? never : K & string]: string;
};

type Input<Schema extends () => z.ZodObject> = z.input<ReturnType<Schema>>;
