import type * as z from 'zod';
import type { Call } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { iso } from '#domain/time.ts';
import type { Checkup } from '#ports/checkup-store.ts';
import type { Connection } from '#ports/presence-store.ts';
import type { RemovedPushToken, UserAsKnown } from '#ports/user-records.ts';
import type { LoggedDelivery } from '#ports/webhook-log.ts';
import { blocksView, callResource, deviceView, preferencesView, type Verdicts, verdictsView } from '../views.ts';
import type * as answers from './answers.ts';
import { nextToken } from './requests.ts';

/** A page of the stage's calls as operators see them. */
export const stageCallsView = (
  calls: readonly { readonly call: Call; readonly verdicts: Verdicts }[],
): z.infer<typeof answers.stageCallPage>['calls'] =>
  calls.map(({ call, verdicts }) => ({ ...callResource(call, 'server'), ...verdictsView(verdicts) }));

/** A user as operators see them. */
export const userView = (known: UserAsKnown): z.infer<typeof answers.userAnswer> => ({
  user: {
    id: known.userId,
    devices: known.pushTokens.map(deviceView),
    removed_devices: known.removed.map(removedView),
    connections: known.connections.map(connectionView),
    ...(known.liveCall && { live_call: callResource(known.liveCall, 'server') }),
    ...blocksView(known.blocks),
    preferences: preferencesView(known.preferences),
    counts: {
      devices: known.pushTokens.length,
      failing_devices: known.pushTokens.filter(({ failing }) => failing !== undefined).length,
      connections: known.connections.length,
      blocks: known.blocks.length,
      rings_this_hour: known.rings.inHour,
      rings_this_minute: known.rings.inMinute,
    },
  },
});

const removedView = ({ device, provider, providerName, voip, sandbox, hardwareId, ...of }: RemovedPushToken) => ({
  device,
  push_provider: provider,
  push_provider_name: providerName,
  voip_token: voip,
  sandbox,
  ...defined({ hardware_id: hardwareId }),
  updated_at: iso(of.refreshedAt),
  removed_at: iso(of.removedAt),
  reason: of.reason,
});

const connectionView = ({ id, hardwareId, dialect, connectedAt }: Connection) => ({
  connection_id: id,
  ...defined({ hardware_id: hardwareId }),
  dialect,
  connected_at: iso(connectedAt),
});

/** The latest checkup as operators see it. */
export const checkupView = (latest: Checkup | undefined): z.infer<typeof answers.checkup> =>
  latest ? { findings: [...latest.findings], at: iso(latest.at), ...defined({ by: latest.by }) } : { findings: [] };

/** Deliveries to webhooks as operators see them. */
export const deliveriesView = (
  deliveries: readonly LoggedDelivery[],
): z.infer<typeof answers.deliveryPage>['deliveries'] =>
  deliveries.map(({ place, webhook, host, id, type, cid, status, attempt, fault, httpStatus, ...at }) => ({
    id: nextToken(place),
    webhook,
    host,
    webhook_id: id,
    type,
    ...defined({ call_cid: cid }),
    created_at: iso(at.createdAt),
    status,
    attempt,
    tried_at: iso(at.triedAt),
    ...defined({ http_status: httpStatus, fault, retry_at: at.retryAt === undefined ? undefined : iso(at.retryAt) }),
  }));
