import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { BenchStack } from '../bench-stack.ts';
import { queues } from '../quiet.ts';

/** What is left when all users have gone. */
export interface Leftovers {
  /** All rows: those of ended calls stay for the retention. */
  readonly rows: number;
  /** Rows that never expire, except for devices and the owners of their tokens. */
  readonly immortal: readonly string[];
  readonly connections: number;
  readonly busyLocks: number;
  /** Messages that were not deleted, by queue, including dead letters. */
  readonly messages: Readonly<Record<string, number>>;
}

const STAYS = /^(?:DEVICE#|OWNER$)/;

/** Reads every row and every queue. */
export async function leftovers({ url, db, table }: BenchStack): Promise<Leftovers> {
  const immortal: string[] = [];
  let [rows, connections, busyLocks] = [0, 0, 0];
  for await (const { Items = [] } of paginateScan({ client: db }, { TableName: table, ConsistentRead: true })) {
    for (const { pk, sk, ttl } of Items) {
      rows += 1;
      if (String(sk).startsWith('CONN#')) connections += 1;
      if (sk === 'ENGAGED') busyLocks += 1;
      if (ttl === undefined && !STAYS.test(String(sk))) immortal.push(`${pk} ${sk}`);
    }
  }
  const waiting = Object.entries(await queues(url)).map(([name, { visible, in_flight, delayed, dead }]) => [
    name,
    visible + in_flight + delayed + dead.length,
  ]);
  return { rows, immortal, connections, busyLocks, messages: Object.fromEntries(waiting) };
}
