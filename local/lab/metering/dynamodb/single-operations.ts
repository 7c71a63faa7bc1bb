import { z } from 'zod';
import { item } from './attribute-value.ts';
import { type Bill, read, write } from './bill.ts';
import { itemKey, kindOf, kindOfIndex } from './item-kind.ts';
import { itemSize } from './item-size.ts';
import type { EngineAnswer, Operation } from './operation.ts';
import { queryKind } from './query-kind.ts';

const consumed = z.object({ ConsumedCapacity: z.object({ CapacityUnits: z.number() }) });

/** What a write cost in the table itself, and in each index that it changed. */
const consumedByWrite = z.object({
  ConsumedCapacity: z.object({
    Table: z.object({ CapacityUnits: z.number() }),
    GlobalSecondaryIndexes: z.record(z.string(), z.object({ CapacityUnits: z.number() })).default({}),
  }),
});

function writesOf(kind: string, { body }: EngineAnswer): Bill[] {
  const { Table, GlobalSecondaryIndexes } = consumedByWrite.parse(body).ConsumedCapacity;
  const indexes = Object.entries(GlobalSecondaryIndexes).filter(([, { CapacityUnits }]) => CapacityUnits > 0);
  return [
    { kind, is: 'write', units: Table.CapacityUnits },
    ...indexes.map(([index, { CapacityUnits: units }]): Bill => ({ kind: kindOfIndex(index), is: 'write', units })),
  ];
}

const CAPACITY = { ReturnConsumedCapacity: 'TOTAL' };
const CAPACITY_BY_INDEX = { ReturnConsumedCapacity: 'INDEXES' };
/** A failed condition costs by the size of the existing item. Asking for that item is free. */
const FAILED_ITEM = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };

const unitsOf = ({ body }: EngineAnswer): number => consumed.parse(body).ConsumedCapacity.CapacityUnits;

const failed = z.object({ __type: z.string().endsWith('#ConditionalCheckFailedException'), Item: item.default({}) });

/** A write of one item costs what the engine reports or, if its condition fails, the size of the existing item. */
const writing = (schema: z.ZodType<{ key: z.output<typeof itemKey> }>): Operation => ({
  asks: (body) => ({ ...CAPACITY_BY_INDEX, ...('ConditionExpression' in body && FAILED_ITEM) }),
  async run(body, engine) {
    const kind = kindOf(schema.parse(body).key);
    const answer = await engine.send();
    if (answer.status === 200) return { answer, bills: writesOf(kind, answer) };
    const failure = failed.safeParse(answer.body);
    return { answer, bills: failure.success ? [write(kind, itemSize(failure.data.Item))] : [] };
  },
});

const keyed = z.object({ Key: itemKey }).transform(({ Key: key }) => ({ key }));
const put = z.object({ Item: itemKey }).transform(({ Item: key }) => ({ key }));

export const updateOrDelete = writing(keyed);
export const putItem = writing(put);

const getRequest = z.object({
  TableName: z.string(),
  Key: itemKey,
  ConsistentRead: z.boolean().default(false),
  ProjectionExpression: z.string().optional(),
});

export const getItem: Operation = {
  asks: () => CAPACITY,
  async run(body, engine) {
    const { TableName, Key, ConsistentRead, ProjectionExpression } = getRequest.parse(body);
    const answer = await engine.send();
    if (answer.status !== 200) return { answer, bills: [] };
    const kind = kindOf(Key);
    if (ProjectionExpression === undefined) return { answer, bills: [{ kind, is: 'read', units: unitsOf(answer) }] };
    // The engine counts what it returns. DynamoDB bills what it reads.
    const [size = 0] = await engine.sizesOf(TableName, [Key]);
    return { answer, bills: [read(kind, size, ConsistentRead)] };
  },
};

export const query: Operation = {
  asks: () => CAPACITY,
  async run(body, engine) {
    const kind = queryKind(body);
    const answer = await engine.send();
    const bills: Bill[] = answer.status === 200 ? [{ kind, is: 'read', units: unitsOf(answer) }] : [];
    return { answer, bills };
  },
};
