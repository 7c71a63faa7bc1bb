import { z } from 'zod';
import { item } from './attribute-value.ts';
import { type Bill, read, write } from './bill.ts';
import { itemKey, kindOf } from './item-kind.ts';
import { itemSize } from './item-size.ts';
import type { EngineAnswer, Operation } from './operation.ts';
import { queryKind } from './query-kind.ts';

const consumed = z.object({ ConsumedCapacity: z.object({ CapacityUnits: z.number() }) });

const CAPACITY = { ReturnConsumedCapacity: 'TOTAL' };
/** A failed condition costs by the size of the existing item. Asking for that item is free. */
const FAILED_ITEM = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };

const unitsOf = ({ body }: EngineAnswer): number => consumed.parse(body).ConsumedCapacity.CapacityUnits;

const failed = z.object({ __type: z.string().endsWith('#ConditionalCheckFailedException'), Item: item.default({}) });

/** A write of one item costs what the engine reports or, if its condition fails, the size of the existing item. */
const writing = (schema: z.ZodType<{ key: z.output<typeof itemKey> }>): Operation => ({
  asks: (body) => ({ ...CAPACITY, ...('ConditionExpression' in body && FAILED_ITEM) }),
  async run(body, engine) {
    const kind = kindOf(schema.parse(body).key);
    const answer = await engine.send();
    if (answer.status === 200) return { answer, bills: [{ kind, is: 'write', units: unitsOf(answer) }] };
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
