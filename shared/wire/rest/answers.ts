import * as z from 'zod';
import { DIALECTS } from '#domain/dialect.ts';
import { PUSH_PROVIDERS } from '#domain/push-token/token.ts';
import { FINDING_STATES } from '#ports/checkup-store.ts';
import { DELIVERY_STATUSES } from '#ports/webhook-log.ts';
import { jwt, moment, person } from '../basics.ts';
import { callResource } from '../call.ts';
import { device } from './device.ts';
import { verdict } from './trace.ts';

/** Whether the service is up, and which version it is. */
export const health = z.strictObject({ status: z.literal('ok'), version: z.string() });

/** One of the documents that describe this API. */
export const document = z.looseObject({});

/** A login token. Its field names are those of the clients that ask here. */
export const mintedToken = z.strictObject({ apiKey: z.string(), userId: z.string(), token: jwt, expiresAt: z.int() });

/** The call that was asked for, and whether it is new. */
export const createdCall = callResource.extend({ created: z.boolean(), call_token: jwt.exactOptional() });

/** The call that was answered. */
export const acceptedCall = callResource.extend({ call_token: jwt.exactOptional() });

/** A page of calls. */
export const callPage = z.strictObject({ calls: z.array(callResource), next: z.string().exactOptional() });

/** A page of the stage's calls, each with how its rings went. */
export const stageCallPage = z.strictObject({
  calls: z.array(callResource.extend({ verdict: z.string(), verdicts: z.array(verdict) })),
  next: z.string().exactOptional(),
});

/** The request was accepted, and there is nothing else to say. */
export const taken = z.strictObject({});

/** The device that was registered. */
export const registeredDevice = z.strictObject({ device });

/** A user's devices. */
export const deviceList = z.strictObject({ devices: z.array(device) });

/** The push providers that devices can be registered with. */
export const pushProviderList = z.strictObject({
  push_providers: z.array(
    z.strictObject({
      push_provider: z.enum(PUSH_PROVIDERS),
      name: z.string(),
      public_key: z.string().exactOptional(),
    }),
  ),
});

/** What an `RTCPeerConnection` takes as one of its `iceServers`. */
export const iceServer = z.strictObject({
  urls: z.array(z.string()).readonly(),
  username: z.string().exactOptional(),
  credential: z.string().exactOptional(),
});

/** What an app needs to open its WebSocket. Its field names are those of the clients that ask here. */
export const connectAnswer = z.strictObject({
  me: person.extend({ online: z.boolean() }),
  connection: z.strictObject({ url: z.string() }),
  ice_servers: z.array(iceServer).readonly(),
  server_time: moment,
});

/** How clients reach each other. */
export const iceServerList = z.strictObject({ ice_servers: z.array(iceServer) });

/** The users whom a user has blocked. */
export const blockList = z.strictObject({
  blocks: z.array(z.strictObject({ user_id: z.string(), created_at: moment })),
});

/** What a user has chosen. */
export const preferences = z.strictObject({
  do_not_disturb: z.union([z.boolean(), z.strictObject({ until: moment })]),
});

/** All that the service knows of a user. */
export const userAnswer = z.strictObject({
  user: z.strictObject({
    id: z.string(),
    devices: z.array(device),
    removed_devices: z.array(
      z.strictObject({
        device: z.string(),
        push_provider: z.enum(PUSH_PROVIDERS),
        push_provider_name: z.string(),
        voip_token: z.boolean(),
        sandbox: z.boolean(),
        hardware_id: z.string().exactOptional(),
        updated_at: moment,
        removed_at: moment,
        reason: z.string(),
      }),
    ),
    connections: z.array(
      z.strictObject({
        connection_id: z.string(),
        hardware_id: z.string().exactOptional(),
        dialect: z.enum(DIALECTS),
        connected_at: moment,
      }),
    ),
    live_call: callResource.exactOptional(),
    blocks: z.array(z.strictObject({ user_id: z.string(), created_at: moment })),
    preferences,
    counts: z.strictObject({
      devices: z.int(),
      failing_devices: z.int(),
      connections: z.int(),
      blocks: z.int(),
      rings_this_hour: z.int(),
      rings_this_minute: z.int(),
    }),
  }),
});

/** A page of deliveries to webhooks. */
export const deliveryPage = z.strictObject({
  enabled: z.boolean(),
  deliveries: z.array(
    z.strictObject({
      id: z.string(),
      webhook: z.string(),
      host: z.string(),
      webhook_id: z.string(),
      type: z.string(),
      call_cid: z.string().exactOptional(),
      created_at: moment,
      status: z.enum(DELIVERY_STATUSES),
      attempt: z.int(),
      tried_at: moment,
      http_status: z.int().exactOptional(),
      fault: z.string().exactOptional(),
      retry_at: moment.exactOptional(),
    }),
  ),
  next: z.string().exactOptional(),
});

/** What the doctor found when it ran last. */
export const checkup = z.strictObject({
  findings: z.array(z.strictObject({ state: z.enum(FINDING_STATES), about: z.string(), says: z.string() })),
  at: moment.exactOptional(),
  by: z.string().exactOptional(),
});

/** What a client that meets others in rooms makes its `RTCPeerConnection` with. */
export const roomConfig = z.strictObject({
  ice_servers: z.array(iceServer).readonly(),
  ice_transport_policy: z.literal('all'),
  bundle_policy: z.literal('balanced'),
  rtcp_mux_policy: z.literal('require'),
});
