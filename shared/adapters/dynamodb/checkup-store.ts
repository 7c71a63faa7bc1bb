import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { once } from '#domain/once.ts';
import { type CheckupStore, FINDING_STATES } from '#ports/checkup-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { readable, type Table } from './table.ts';

const item = /* @__PURE__ */ once(() =>
  z.object({
    findings: z.array(z.object({ state: z.enum(FINDING_STATES), about: z.string(), says: z.string() })),
    at: storedMs,
    by: z.string().exactOptional(),
  }),
);

/** The doctor's latest checkup in DynamoDB: one row. */
export function dynamoCheckupStore(table: Table): CheckupStore {
  const { db, name: TableName, clock } = table;
  const Key = keys.checkup();
  return {
    async keep(found) {
      await db.send(new PutCommand({ TableName, Item: { ...Key, ...found, at: clock() } }));
    },

    async latest() {
      const { Item } = await db.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return readable(table, Item ? [Item] : [], (row) => item().parse(row))[0];
    },
  };
}
