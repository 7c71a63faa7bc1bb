import apn from '@parse/node-apn';
import * as z from 'zod';
import type { PushOutcome, PushSender } from '#ports/push-sender.ts';
import { apnsOutcome } from './outcome.ts';
import { type ApnsAccount, type ApnsRequest, apnsRequest } from './request.ts';

export interface ApnsSenderOptions {
  /** The key of a named push provider, as configured now. */
  readonly key: (name: string) => Promise<ApnsAccount | undefined>;
  /** `https://host:port` to use instead of Apple's own hosts. */
  readonly endpoint?: string | undefined;
  readonly sandboxEndpoint?: string | undefined;
}

/** One attempt must leave room for others before the ring is over. */
const ATTEMPT_MS = 3000;

const answer = z.object({
  status: z.number().default(0),
  response: z.object({ reason: z.string().default('unknown'), timestamp: z.number().optional() }).optional(),
  error: z.object({ message: z.string().default('no answer') }).optional(),
});

/** Pushes through APNs with node-apn; one connection an app and environment, kept warm. */
export function apnsSender({ key, endpoint, sandboxEndpoint }: ApnsSenderOptions): PushSender {
  const clients = new Map<string, apn.Provider>();
  const clientFor = (of: ApnsAccount, sandbox: boolean) => {
    const identity = JSON.stringify([of.key_id, of.team_id, of.key, of.bundle_id, sandbox]);
    const client = clients.get(identity) ?? providerOf(of, sandbox, sandbox ? sandboxEndpoint : endpoint);
    clients.set(identity, client);
    /** node-apn goes on using a connection that has died in silence: the next attempt gets a new one. */
    const replace = (): void => {
      if (clients.get(identity) !== client) return;
      clients.delete(identity);
      void client.shutdown();
    };
    return { client, replace };
  };
  return {
    async send(device, push): Promise<PushOutcome> {
      const configured = await key(device.providerName);
      if (!configured) return { kind: 'refused', status: 0, reason: `no apn provider ${device.providerName}` };
      const note = noteOf(apnsRequest(device, push, configured));
      const { client, replace } = clientFor(configured, device.sandbox);
      const { failed } = await client.send(note, encodeURIComponent(device.token));
      if (failed.length === 0) return { kind: 'accepted', messageId: push.id };
      const { status, response, error } = answer.parse(failed[0]);
      if (status === 0) replace();
      return apnsOutcome({
        status,
        reason: response?.reason ?? error?.message ?? 'no answer',
        timestamp: response?.timestamp,
      });
    },
  };
}

/** A notification whose headers and body are ours as they are. */
const noteOf = ({ headers, body }: ApnsRequest): apn.Notification =>
  Object.assign(new apn.Notification(), { headers: () => headers, compile: () => JSON.stringify(body) });

function providerOf(
  { key, key_id, team_id }: ApnsAccount,
  sandbox: boolean,
  endpoint: string | undefined,
): apn.Provider {
  const options = {
    token: { key, keyId: key_id, teamId: team_id },
    production: !sandbox,
    requestTimeout: ATTEMPT_MS,
    // Retries are ours: these would neither wait nor look at the ring.
    connectionRetryLimit: 0,
    // Until its first good token APNs allows one stream; its SETTINGS raise that.
    peerMaxConcurrentStreams: 1,
  };
  if (endpoint === undefined) return new apn.Provider(options);
  const { hostname, port } = new URL(endpoint);
  return new apn.Provider({ ...options, address: hostname, port: Number(port || 443) });
}
