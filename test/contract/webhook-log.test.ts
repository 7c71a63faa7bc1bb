import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoWebhookLog } from '#adapters/dynamodb/webhook-log.ts';
import { DAY_MS, type EpochMs, epochMs, iso, later, SECOND_MS } from '#domain/time.ts';
import type { WantedDeliveries, WebhookLog } from '#ports/webhook-log.ts';
import type { Delivery, Tried } from '#ports/webhooks.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

const TAKEN: Tried = { kind: 'taken', status: 204 };
const REFUSED: Tried = { kind: 'failed', fault: 'status 503', status: 503 };
const SILENT: Tried = { kind: 'failed', fault: 'timed_out' };
const NOON = epochMs(Date.parse('2026-11-20T12:00:00.000Z'));

let now: EpochMs;
let log: WebhookLog;
let webhook: string;
beforeEach(() => {
  now = NOON;
  webhook = randomBytes(8).toString('hex');
  log = dynamoWebhookLog(dynamoTable(inject('dynamodb').table, () => now));
});

const delivery = (number: number, more: Partial<Delivery> = {}): Delivery => {
  const id = `evt_${number}`;
  const created_at = iso(later(NOON, number * SECOND_MS));
  const body = JSON.stringify({ id, type: 'call.ended', version: 1, created_at, call_cid: 'default:c' });
  return { webhook, id, body, attempt: 1, ...more };
};
const record = (of: Delivery, tried: Tried, retryMs?: number): Promise<void> =>
  log.record({ delivery: of, host: 'api.example.com', tried, at: now, retryMs });
const idsOf = async (wanted: WantedDeliveries = {}, limit = 100): Promise<string[]> =>
  (await log.page({ webhook, ...wanted }, limit)).deliveries.map(({ id }) => id);

describe('the log of webhooks', () => {
  it('tells of each delivery how its latest try went, the newest events first', async () => {
    await record(delivery(1), TAKEN);
    await record(delivery(2), REFUSED, 5000);
    const { deliveries, next } = await log.page({ webhook }, 100);
    expect(next).toBeUndefined();
    const common = {
      webhook,
      host: 'api.example.com',
      type: 'call.ended',
      cid: 'default:c',
      triedAt: NOON,
      attempt: 1,
    };
    expect(deliveries).toMatchObject([
      { ...common, id: 'evt_2', status: 'failed', httpStatus: 503, fault: 'status 503', retryAt: later(NOON, 5000) },
      { ...common, id: 'evt_1', status: 'delivered', httpStatus: 204 },
    ]);
    expect(await idsOf({ status: 'failed' })).toEqual(['evt_2']);
    expect(await idsOf({ status: 'delivered' })).toEqual(['evt_1']);
    expect(await idsOf({ webhook: '0'.repeat(16) })).toEqual([]);
  });

  it('keeps one that is taken at last for delivered, whether its failure was written before or after', async () => {
    await record(delivery(1), REFUSED, 5000);
    expect(await log.isTaken(delivery(1))).toBe(false);
    now = later(now, 5000);
    await record(delivery(1, { attempt: 2 }), TAKEN);
    expect(await log.isTaken(delivery(1))).toBe(true);
    expect(await idsOf({ status: 'failed' })).toEqual([]);
    await record(delivery(1, { attempt: 2 }), SILENT, 5000);
    expect(await idsOf({ status: 'failed' })).toEqual([]);
    expect(await log.page({ webhook }, 100)).toMatchObject({ deliveries: [{ status: 'delivered', attempt: 2 }] });
  });

  it('has what a replay needs of one that failed, and leaves its next try as it is if the replay fails', async () => {
    await record(delivery(1, { attempt: 4 }), REFUSED, 5000);
    const { deliveries } = await log.page({ webhook }, 1);
    const place = String(deliveries[0]?.place);
    const replay = await log.replayOf(place);
    expect(replay).toEqual(delivery(1, { attempt: 4, replays: NOON }));
    if (!replay) throw new Error('nothing to replay');
    now = later(now, 1000);
    await record(replay, SILENT);
    const [after] = (await log.page({ webhook }, 1)).deliveries;
    expect(after).toMatchObject({ attempt: 4, fault: 'timed_out', triedAt: now, retryAt: later(NOON, 5000) });
    expect(after).not.toHaveProperty('httpStatus');
    expect(await log.replayOf(place)).toMatchObject({ replays: now });
    expect(await log.replayOf(place.replace('evt_1', 'evt_9'))).toBeUndefined();
  });

  it('forgets a delivery a day after its latest try', async () => {
    await record(delivery(1), REFUSED);
    const { deliveries } = await log.page({ webhook }, 1);
    now = later(NOON, DAY_MS + SECOND_MS);
    expect(await idsOf()).toEqual([]);
    expect(await log.replayOf(String(deliveries[0]?.place))).toBeUndefined();
  });

  it.each([1, 2, 3, 100])('comes page by page, %i at once, each delivery once and in order', async (limit) => {
    const numbers = Array.from({ length: 9 }, (_, i) => i);
    for (const number of numbers) await record(delivery(number), number % 3 === 0 ? REFUSED : TAKEN);
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await log.page({ webhook, after }, limit);
      expect(page.deliveries.length).toBeLessThanOrEqual(limit);
      found.push(...page.deliveries.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual(numbers.toReversed().map((number) => `evt_${number}`));
  });

  it('leaves out what is no event of ours', async () => {
    await record({ ...delivery(1), body: '{"type":"test"}' }, TAKEN);
    await record({ ...delivery(1), body: 'no JSON' }, REFUSED);
    expect(await idsOf()).toEqual([]);
    expect(await log.isTaken({ ...delivery(1), body: 'no JSON' })).toBe(false);
  });
});
