import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMeteredTable, TableName } from './a-metered-table.ts';

// DynamoDB's published rules, one by one, against a real engine.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html

let table: Awaited<ReturnType<typeof aMeteredTable>>;
beforeAll(async () => {
  table = await aMeteredTable();
});
afterAll(() => table.stop());

const { costOf, send, put, exists } = {
  costOf: (...act: Parameters<typeof table.costOf>) => table.costOf(...act),
  send: ((command) => table.db.send(command)) as typeof table.db.send,
  /** Puts an item of this many bytes without being billed. */
  put: (key: { pk: string; sk: string }, bytes: number) =>
    table.direct.send(new PutCommand({ TableName, Item: sized(key, bytes) })),
  exists: { ConditionExpression: 'attribute_exists(pk)' },
};
const absent = { ConditionExpression: 'attribute_not_exists(pk)' };

let numbered = 0;
/** Keys that no other test uses. */
const keysOf = () => {
  numbered += 1;
  const cid = `default:${numbered}`;
  return {
    user: `USER#${numbered}`,
    call: { pk: `CALL#${cid}`, sk: 'CALL' },
    trace: { pk: `CALL#${cid}`, sk: 'TRACE#2026-01-01T00:00:00.000Z#1' },
    history: { pk: `USER#${numbered}`, sk: `CALL#2026-01-01T00:00:00.000Z#${cid}` },
    busy_lock: { pk: `USER#${numbered}`, sk: 'ENGAGED' },
    connection: { pk: `USER#${numbered}`, sk: 'CONN#1' },
    push_token: { pk: `USER#${numbered}`, sk: 'DEVICE#apn#1' },
  };
};

/** An item of exactly this many bytes. */
const sized = ({ pk, sk }: { pk: string; sk: string }, bytes: number) => ({
  pk,
  sk,
  filling: 'x'.repeat(bytes - 'pkskfilling'.length - pk.length - sk.length),
});

const shrink = { UpdateExpression: 'SET filling = :it', ExpressionAttributeValues: { ':it': 'x' } };

describe('a write', () => {
  it.each([
    [1024, 1],
    [1025, 2],
    [5000, 5],
  ])('of %i bytes costs %i units', async (bytes, write_units) => {
    const { call } = keysOf();
    const cost = await costOf(() => send(new PutCommand({ TableName, Item: sized(call, bytes) })));
    expect(cost).toEqual({ call: { writes: 1, write_units } });
  });

  it('costs the size that the item had or has, whichever is larger', async () => {
    const { call, push_token } = keysOf();
    await put(call, 3000);
    await put(push_token, 2500);
    const update = new UpdateCommand({ TableName, Key: call, ...shrink });
    expect(await costOf(() => send(update))).toEqual({ call: { writes: 1, write_units: 3 } });
    expect(await costOf(() => send(update))).toEqual({ call: { writes: 1, write_units: 1 } });
    const over = new PutCommand({ TableName, Item: sized(push_token, 100) });
    expect(await costOf(() => send(over))).toEqual({ push_token: { writes: 1, write_units: 3 } });
  });

  it('that deletes costs the size of the item, or one unit if there is none', async () => {
    const { connection } = keysOf();
    await put(connection, 2100);
    const remove = new DeleteCommand({ TableName, Key: connection });
    expect(await costOf(() => send(remove))).toEqual({ connection: { writes: 1, write_units: 3 } });
    expect(await costOf(() => send(remove))).toEqual({ connection: { writes: 1, write_units: 1 } });
  });

  it('whose condition fails costs the size of the existing item', async () => {
    const { busy_lock } = keysOf();
    const update = new UpdateCommand({ TableName, Key: busy_lock, ...shrink, ...exists });
    expect(await costOf(() => send(update))).toEqual({ busy_lock: { writes: 1, write_units: 1 } });
    await put(busy_lock, 2050);
    for (const command of [
      new PutCommand({ TableName, Item: sized(busy_lock, 100), ...absent }),
      new UpdateCommand({ TableName, Key: busy_lock, ...shrink, ...absent }),
      new DeleteCommand({ TableName, Key: busy_lock, ...absent }),
    ]) {
      const cost = await costOf(() => send(command as PutCommand));
      expect(cost).toEqual({ busy_lock: { writes: 1, write_units: 3 } });
    }
  });
});

describe('a transaction', () => {
  it('costs twice what its items would cost alone, by kind, and in total what the engine reports', async () => {
    const of = keysOf();
    await put(of.push_token, 1500);
    await put(of.connection, 1500);
    await put(of.call, 2500);
    const transaction = {
      TransactItems: [
        { Put: { TableName, Item: sized(of.trace, 3000) } },
        { Update: { TableName, Key: of.call, ...shrink } },
        { Delete: { TableName, Key: of.push_token } },
        { ConditionCheck: { TableName, Key: of.connection, ...exists } },
      ],
    };
    const cost = await costOf(() => send(new TransactWriteCommand(transaction)));
    expect(cost).toEqual({
      call: { writes: 1, write_units: 6 },
      connection: { writes: 1, write_units: 4 },
      push_token: { writes: 1, write_units: 4 },
      trace: { writes: 1, write_units: 6 },
    });
    await put(of.push_token, 1500);
    await put(of.call, 2500);
    const engine = await table.direct.send(
      new TransactWriteCommand({ ...transaction, ReturnConsumedCapacity: 'TOTAL' }),
    );
    expect(engine.ConsumedCapacity).toMatchObject([{ CapacityUnits: 20 }]);
  });

  it('that is cancelled is billed, too', async () => {
    const of = keysOf();
    await put(of.push_token, 1500);
    const cost = await costOf(() =>
      send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: { TableName, Item: sized(of.call, 100) } },
            { ConditionCheck: { TableName, Key: of.push_token, ...absent } },
          ],
        }),
      ),
    );
    expect(cost).toEqual({ call: { writes: 1, write_units: 2 }, push_token: { writes: 1, write_units: 4 } });
  });
});

describe('a read of one item', () => {
  it.each([
    ['costs a unit per 4 KiB', 5000, true, 2],
    ['costs half where it may be stale', 5000, false, 1],
    ['costs a unit up to 4 KiB', 4096, true, 1],
  ])('%s', async (_, bytes, ConsistentRead, read_units) => {
    const { call } = keysOf();
    await put(call, bytes);
    const cost = await costOf(() => send(new GetCommand({ TableName, Key: call, ConsistentRead })));
    expect(cost).toEqual({ call: { reads: 1, read_units } });
  });

  it('costs the same if nothing is found or only a part is requested', async () => {
    const { call, push_token } = keysOf();
    await put(call, 5000);
    const part = new GetCommand({ TableName, Key: call, ConsistentRead: true, ProjectionExpression: 'pk' });
    expect(await costOf(() => send(part))).toEqual({ call: { reads: 1, read_units: 2 } });
    const nothing = new GetCommand({ TableName, Key: push_token, ConsistentRead: true });
    expect(await costOf(() => send(nothing))).toEqual({ push_token: { reads: 1, read_units: 1 } });
  });
});

describe('a batch', () => {
  it('rounds up each item that it reads', async () => {
    const of = keysOf();
    await put(of.call, 100);
    await put(of.push_token, 5000);
    const Keys = [of.call, of.push_token, of.busy_lock];
    const get = new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } });
    expect(await costOf(() => send(get))).toEqual({
      call: { reads: 1, read_units: 1 },
      push_token: { reads: 1, read_units: 2 },
      busy_lock: { reads: 1, read_units: 1 },
    });
  });

  it('rounds up each item that it writes', async () => {
    const of = keysOf();
    await put(of.push_token, 2500);
    await put(of.history, 1500);
    const write = new BatchWriteCommand({
      RequestItems: {
        [TableName]: [
          { PutRequest: { Item: sized(of.trace, 1500) } },
          { PutRequest: { Item: sized(of.history, 100) } },
          { DeleteRequest: { Key: of.push_token } },
        ],
      },
    });
    expect(await costOf(() => send(write))).toEqual({
      push_token: { writes: 1, write_units: 3 },
      history: { writes: 1, write_units: 2 },
      trace: { writes: 1, write_units: 2 },
    });
  });
});

describe('a query', () => {
  const between = (pk: string, from: string, to: string, more: Partial<QueryCommandInput> = {}) =>
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ConsistentRead: true,
      ...more,
      ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to, ...more.ExpressionAttributeValues },
    });

  it('costs the sum of what it reads, rounded up once, whatever it returns', async () => {
    const { user } = keysOf();
    for (const n of [1, 2, 3, 4, 5]) await put({ pk: user, sk: `DEVICE#apn#${n}` }, 1000);
    const devices = (more?: Partial<QueryCommandInput>) =>
      costOf(() => send(between(user, 'DEVICE#', 'DEVICE#~', more)));
    expect(await devices()).toEqual({ push_token: { reads: 1, read_units: 2 } });
    expect(await devices({ ConsistentRead: false })).toEqual({ push_token: { reads: 1, read_units: 1 } });
    expect(await devices({ Limit: 4 })).toEqual({ push_token: { reads: 1, read_units: 1 } });
    expect(await devices({ ProjectionExpression: 'pk' })).toEqual({ push_token: { reads: 1, read_units: 2 } });
    const nothing = { FilterExpression: 'filling = :it', ExpressionAttributeValues: { ':it': 'y' } };
    expect(await devices(nothing)).toEqual({ push_token: { reads: 1, read_units: 2 } });
  });

  it('that finds nothing costs one unit', async () => {
    const { user } = keysOf();
    const cost = await costOf(() => send(between(user, 'CONN#', 'DEVICE#~')));
    expect(cost).toEqual({ connections_and_push_tokens: { reads: 1, read_units: 1 } });
  });

  it('is named by its lower bound if it has no upper one', async () => {
    const { user } = keysOf();
    for (const condition of ['begins_with(sk, :from)', 'sk >= :from']) {
      const query = new QueryCommand({
        TableName,
        KeyConditionExpression: `pk = :pk AND ${condition}`,
        ExpressionAttributeValues: { ':pk': user, ':from': 'CONN#' },
      });
      expect(await costOf(() => send(query))).toEqual({ connection: { reads: 1, read_units: 0.5 } });
    }
  });
});

describe('the meter', () => {
  it('hides what was not asked for', async () => {
    const { call } = keysOf();
    const written = await send(new PutCommand({ TableName, Item: sized(call, 100) }));
    expect(written).not.toHaveProperty('ConsumedCapacity');
    const again = new PutCommand({ TableName, Item: sized(call, 100), ...absent });
    const refusal = await send(again).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConditionalCheckFailedException);
    expect(refusal).toMatchObject({ Item: undefined });
  });

  it('shows what was asked for', async () => {
    const { call } = keysOf();
    await put(call, 100);
    const shown = await send(new GetCommand({ TableName, Key: call, ReturnConsumedCapacity: 'TOTAL' }));
    expect(shown).toMatchObject({ Item: call, ConsumedCapacity: { CapacityUnits: 0.5 } });
    const asking = { ...absent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    const refused = send(new PutCommand({ TableName, Item: sized(call, 100), ...asking }));
    await expect(refused).rejects.toMatchObject({ Item: { pk: { S: call.pk } } });
  });

  it('counts no invalid request, and passes on none that it does not support', async () => {
    const { call } = keysOf();
    const invalid = new UpdateCommand({ TableName, Key: call, UpdateExpression: 'nonsense' });
    await expect(send(invalid)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await costOf(() => send(invalid))).toEqual({});
    await expect(send(new ScanCommand({ TableName }))).rejects.toThrow();
  });
});
