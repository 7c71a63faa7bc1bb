import { z } from 'zod';
import { item } from './attribute-value.ts';
import { transactedWrite } from './bill.ts';
import { itemKey, kindOf } from './item-kind.ts';
import type { Engine, Operation } from './operation.ts';

const keyed = z.object({ TableName: z.string(), Key: itemKey });
const put = z.object({ TableName: z.string(), Item: item }).transform(({ TableName, Item }) => ({
  TableName,
  Key: itemKey.parse(Item),
}));

const transaction = z.object({
  TransactItems: z.array(
    z.union([
      z.object({ Put: put }).transform(({ Put }) => Put),
      z.object({ Update: keyed }).transform(({ Update }) => Update),
      z.object({ Delete: keyed }).transform(({ Delete }) => Delete),
      z.object({ ConditionCheck: keyed }).transform(({ ConditionCheck }) => ConditionCheck),
    ]),
  ),
});

type Target = z.output<typeof keyed>;

const cancelled = z.object({ __type: z.string().endsWith('#TransactionCanceledException') });

const sizesOf = async (engine: Engine, targets: readonly Target[]): Promise<number[]> =>
  (await Promise.all(targets.map(({ TableName, Key }) => engine.sizesOf(TableName, [Key])))).flat();

/**
 * Each item costs twice what it would cost alone, also one that is only checked. The engine reports only the sum, so the
 * items are measured before and after. The cost of a cancelled transaction is not documented. As for a failed condition,
 * it is taken to be the cost of the existing items.
 */
export const transactWriteItems: Operation = {
  asks: () => ({}),
  async run(body, engine) {
    const targets = transaction.parse(body).TransactItems;
    const before = await sizesOf(engine, targets);
    const answer = await engine.send();
    if (answer.status !== 200 && !cancelled.safeParse(answer.body).success) return { answer, bills: [] };
    const after = await sizesOf(engine, targets);
    const bills = targets.map(({ Key }, i) => transactedWrite(kindOf(Key), Math.max(before[i] ?? 0, after[i] ?? 0)));
    return { answer, bills };
  },
};
