import { GetCommand, PutCommand, QueryCommand, type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { once } from '#domain/once.ts';
import { DAY_MS, type EpochMs, later, toEpochSeconds } from '#domain/time.ts';
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  type LoggedDelivery,
  type WantedDeliveries,
  type WebhookLog,
} from '#ports/webhook-log.ts';
import type { Delivery, Tried } from '#ports/webhooks.ts';
import { moment } from '#wire/basics.ts';
import { jsonOf } from '#wire/json.ts';
import { storedMs } from '#wire/stored.ts';
import { deliveryPlace, keys } from './keys.ts';
import { newestOf } from './newest.ts';
import { expiringAt, getAll, isLive, type Row, readable, type Table, unlessLost } from './table.ts';

/** How long a delivery is kept after its latest try. */
const KEPT_MS = DAY_MS;

/** How much is read at once if not all of it fits, and how often for one page, so that a rare kind of delivery cannot make a request endless. */
const ROWS_AT_ONCE = 500;
const MAX_READS = 10;

type Failed = Extract<Tried, { kind: 'failed' }>;

/** What an event says of itself. */
const event = /* @__PURE__ */ once(() =>
  z.object({ type: z.string(), created_at: moment, call_cid: z.string().exactOptional() }),
);

const item = /* @__PURE__ */ once(() =>
  z.object({
    place: z.string(),
    status: z.enum(DELIVERY_STATUSES),
    webhook: z.string(),
    host: z.string(),
    id: z.string(),
    type: z.string(),
    cid: z.string().exactOptional(),
    createdAt: storedMs,
    triedAt: storedMs,
    attempt: z.number(),
    httpStatus: z.number().exactOptional(),
    fault: z.string().exactOptional(),
    retryAt: storedMs.exactOptional(),
  }),
);
const shownAttributes = /* @__PURE__ */ once(() => Object.keys(item().shape));

const failedItem = /* @__PURE__ */ once(() => item().extend({ body: z.string() }));

/** What an event says of itself, and its place; nothing, if it is none of ours. */
function about({ webhook, id, body }: Delivery) {
  const { data } = event().safeParse(jsonOf(body));
  return data && { ...data, place: deliveryPlace(data.created_at, webhook, id) };
}

/**
 * The deliveries to webhooks in DynamoDB: one row each, and one put a try. One that failed has its event with it, so that it
 * can be sent again. Once it is taken it has a second row, which hides the first.
 */
export function dynamoWebhookLog(table: Table): WebhookLog {
  const { db, name: TableName, clock } = table;

  /** The newest rows of one status, at least `limit` if there are so many, and behind which place there may be others. */
  const newestRows = async (status: DeliveryStatus, { webhook, after }: WantedDeliveries, limit: number) => {
    const { pk, sk: prefix } = keys.delivery(status, '');
    const shown = shownAttributes();
    const wanted: QueryCommandInput = {
      TableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      FilterExpression: `#ttl > :now${webhook === undefined ? '' : ' AND #webhook = :webhook'}`,
      ProjectionExpression: ['pk', 'sk', ...shown.map((attribute) => `#${attribute}`)].join(', '),
      ExpressionAttributeNames: Object.fromEntries([...shown, 'ttl'].map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ':pk': pk,
        ':prefix': prefix,
        ':now': toEpochSeconds(clock()),
        ...defined({ ':webhook': webhook }),
      },
      ScanIndexForward: false,
      Limit: webhook === undefined ? limit : ROWS_AT_ONCE,
    };
    const rows: Row[] = [];
    let behind: Row | undefined = after === undefined ? undefined : keys.delivery(status, after);
    for (let reads = 0; reads < MAX_READS; reads += 1) {
      const page = await db.send(new QueryCommand({ ...wanted, ...defined({ ExclusiveStartKey: behind }) }));
      rows.push(...(page.Items ?? []));
      behind = page.LastEvaluatedKey;
      if (behind === undefined || rows.length >= limit) break;
    }
    return { rows, behind: behind && String(behind['sk']).slice(prefix.length) };
  };

  const newestOfStatus = async (status: DeliveryStatus, wanted: WantedDeliveries, limit: number) => {
    const { rows, behind } = await newestRows(status, wanted, limit);
    const entries = readable(table, rows, (row): LoggedDelivery => item().parse(row));
    return { entries, next: behind };
  };

  /** Those that were taken later are delivered, and no failures any more. */
  const withoutMended = async (deliveries: readonly LoggedDelivery[]): Promise<LoggedDelivery[]> => {
    const failed = deliveries.filter(({ status }) => status === 'failed');
    const rows = await getAll(
      table,
      failed.map(({ place }) => keys.delivery('delivered', place)),
      { attributes: ['place', 'ttl'], isConsistent: false },
    );
    const mended = new Set(rows.map(({ place }) => place));
    return deliveries.filter(({ status, place }) => status === 'delivered' || !mended.has(place));
  };

  /** Of a failed one the number of tries, and the next one by itself, stay as they are. */
  const failedAgain = (place: string, at: EpochMs, { fault, status }: Failed) =>
    unlessLost(
      db.send(
        new UpdateCommand({
          TableName,
          Key: keys.delivery('failed', place),
          UpdateExpression: `SET triedAt = :at, #fault = :fault, #ttl = :ttl${status === undefined ? ' REMOVE httpStatus' : ', httpStatus = :status'}`,
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#fault': 'fault', '#ttl': 'ttl' },
          ExpressionAttributeValues: {
            ':at': at,
            ':fault': fault,
            ':ttl': expiringAt(later(at, KEPT_MS)).ttl,
            ...defined({ ':status': status }),
          },
        }),
      ),
      () => undefined,
    );

  return {
    async record({ delivery, host, tried, at, retryMs }) {
      const said = about(delivery);
      if (!said) return;
      const { place, type, created_at, call_cid } = said;
      if (delivery.replays !== undefined && tried.kind === 'failed') {
        await failedAgain(place, at, tried);
        return;
      }
      const status: DeliveryStatus = tried.kind === 'taken' ? 'delivered' : 'failed';
      const Item = {
        ...keys.delivery(status, place),
        place,
        status,
        webhook: delivery.webhook,
        host,
        id: delivery.id,
        type,
        createdAt: Date.parse(created_at),
        attempt: delivery.attempt,
        triedAt: at,
        ...defined({ cid: call_cid, httpStatus: tried.status }),
        ...(retryMs !== undefined && { retryAt: later(at, retryMs) }),
        ...(tried.kind === 'failed' && { fault: tried.fault, body: delivery.body }),
        ...expiringAt(later(at, KEPT_MS)),
      };
      await db.send(new PutCommand({ TableName, Item }));
    },

    async isTaken(delivery) {
      const said = about(delivery);
      if (!said) return false;
      const Key = keys.delivery('delivered', said.place);
      const { Item } = await db.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return isLive(table, Item);
    },

    async page(wanted, limit) {
      const statuses = wanted.status === undefined ? DELIVERY_STATUSES : [wanted.status];
      const parts = await Promise.all(statuses.map((status) => newestOfStatus(status, wanted, limit)));
      const { entries, next } = newestOf(parts, ({ place }) => place, limit);
      return { deliveries: await withoutMended(entries), ...defined({ next }) };
    },

    async replayOf(place) {
      const { Item } = await db.send(new GetCommand({ TableName, Key: keys.delivery('failed', place) }));
      if (!isLive(table, Item)) return undefined;
      const { webhook, id, body, attempt, triedAt } = failedItem().parse(Item);
      return { webhook, id, body, attempt, replays: triedAt };
    },
  };
}
