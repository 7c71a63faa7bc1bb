import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { inDeliveryOrder } from '#domain/call/signal-order.ts';
import { epochMs, MINUTE_MS } from '#domain/time.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import { keptSignal } from '#wire/jobs/kept-signal.ts';
import { keys, ranges, type SignalKind } from './keys.ts';
import { packed, packedOf } from './packed.ts';
import { expiringAt, newestRows, readable, type Table } from './table.ts';

/** How long a signal waits at least. */
const KEPT_MS = 2 * MINUTE_MS;

/** A mailbox is read in two requests, no matter how many signals somebody sends. */
const MAX_READ = 128;

const kindOf = ({ type }: Signal): SignalKind => (type === 'ice.candidate' ? 'ice' : 'sdp');

const item = keptSignal.extend({ body: packedOf(keptSignal.shape.body) });

/** Signals in DynamoDB, one row each. They expire and are never deleted. */
export const dynamoMailbox = (table: Table): Mailbox => ({
  async keep(of, signal, until = signal.at) {
    // A signal that is sent twice has the same key.
    const mark = createHash('sha256').update(JSON.stringify(signal)).digest('hex').slice(0, 8);
    const order = `${String(signal.at).padStart(15, '0')}-${mark}`;
    const Item = {
      ...keys.signal({ ...of, kind: kindOf(signal) }, order),
      ...signal,
      body: packed(signal.body),
      ...expiringAt(epochMs(Math.max(until, signal.at + KEPT_MS))),
    };
    await table.db.send(new PutCommand({ TableName: table.name, Item }));
  },

  async read(of) {
    const [descriptions, candidates] = await Promise.all([
      newestRows(table, ranges.signals({ ...of, kind: 'sdp' }), MAX_READ),
      newestRows(table, ranges.signals({ ...of, kind: 'ice' }), MAX_READ),
    ]);
    const signals = readable(table, [...descriptions, ...candidates], (row): Signal => item.parse(row));
    return inDeliveryOrder(withoutRepeats(signals.toSorted((a, b) => a.at - b.at)));
  },
});

/** A ring that is retried keeps its offer again: a phone gets each description once, when it first came. */
function withoutRepeats(signals: readonly Signal[]): Signal[] {
  const seen = new Set<string>();
  return signals.filter(({ type, from, seq, body }) => {
    if (type === 'ice.candidate') return true;
    const description = JSON.stringify([type, from, seq, body]);
    return !seen.has(description) && seen.add(description);
  });
}
