import { z } from 'zod';
import { item } from './attribute-value.ts';
import { read, write } from './bill.ts';
import { itemKey, kindOf } from './item-kind.ts';
import { itemSize } from './item-size.ts';
import type { Operation } from './operation.ts';

// Each item of a batch costs what it would cost alone. The engine reports only the sum over all kinds, so each item is measured.

const batchGet = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(itemKey), ConsistentRead: z.boolean().default(false) })),
});

export const batchGetItem: Operation = {
  asks: () => ({}),
  async run(body, engine) {
    const requests = Object.entries(batchGet.parse(body).RequestItems);
    const answer = await engine.send();
    if (answer.status !== 200) return { answer, bills: [] };
    const bills = requests.map(async ([name, { Keys, ConsistentRead }]) => {
      const sizes = await engine.sizesOf(name, Keys);
      return Keys.map((key, i) => read(kindOf(key), sizes[i] ?? 0, ConsistentRead));
    });
    return { answer, bills: (await Promise.all(bills)).flat() };
  },
};

const batchWrite = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.union([
        z.object({ PutRequest: z.object({ Item: item }) }).transform(({ PutRequest: { Item } }) => ({
          key: itemKey.parse(Item),
          size: itemSize(Item),
        })),
        z.object({ DeleteRequest: z.object({ Key: itemKey }) }).transform(({ DeleteRequest: { Key } }) => ({
          key: Key,
          size: 0,
        })),
      ]),
    ),
  ),
});

export const batchWriteItem: Operation = {
  asks: () => ({}),
  async run(body, engine) {
    const requests = Object.entries(batchWrite.parse(body).RequestItems);
    const measured = requests.map(async ([name, entries]) => {
      const before = await engine.sizesOf(
        name,
        entries.map(({ key }) => key),
      );
      return entries.map(({ key, size }, i) => write(kindOf(key), Math.max(before[i] ?? 0, size)));
    });
    const bills = (await Promise.all(measured)).flat();
    const answer = await engine.send();
    return { answer, bills: answer.status === 200 ? bills : [] };
  },
};
