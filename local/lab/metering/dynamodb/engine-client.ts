import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { item } from './attribute-value.ts';
import type { ItemKey } from './item-kind.ts';
import { itemSize } from './item-size.ts';
import type { EngineAnswer } from './operation.ts';

/** What of a sender's request the engine needs to take one from the meter. */
const KEPT = ['content-type', 'authorization', 'x-amz-date'];

const json = z.record(z.string(), z.unknown());
const found = z.object({ Item: item.default({}) });

/** The engine behind the meter. */
export interface EngineClient {
  /** Sends one request as whoever signed `headers`. */
  call(operation: string, body: object, headers: IncomingHttpHeaders): Promise<EngineAnswer>;
  /** The sizes of items as they are now, in bytes; 0 where there is none. */
  sizesOf(tableName: string, keys: readonly ItemKey[], headers: IncomingHttpHeaders): Promise<number[]>;
}

/** Speaks to the engine over connections that are kept for as long as the engine keeps them. */
export function engineClient(url: string): EngineClient {
  const agent = new Agent({ keepAlive: true });

  const call: EngineClient['call'] = (operation, body, headers) =>
    new Promise((resolve, reject) => {
      const kept = Object.fromEntries(KEPT.map((name) => [name, String(headers[name])]));
      const outgoing = request(url, {
        agent,
        method: 'POST',
        headers: { ...kept, 'x-amz-target': `DynamoDB_20120810.${operation}` },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const read = async (): Promise<EngineAnswer> => ({
          status: response.statusCode ?? 0,
          body: json.parse(JSON.parse(await text(response))),
        });
        read().then(resolve, reject);
      });
      outgoing.end(JSON.stringify(body));
    });

  return {
    call,
    sizesOf: (TableName, keys, headers) =>
      Promise.all(
        keys.map(async (Key) => {
          const { body } = await call('GetItem', { TableName, Key, ConsistentRead: true }, headers);
          return itemSize(found.parse(body).Item);
        }),
      ),
  };
}
