import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { TARGET } from '../../../aws/dynamodb/dynamodb-api.ts';
import { item } from './attribute-value.ts';
import type { ItemKey } from './item-kind.ts';
import { itemSize } from './item-size.ts';
import type { EngineAnswer } from './operation.ts';

/** The headers of the original request that the engine needs. */
const KEPT = ['content-type', 'authorization', 'x-amz-date'];

const json = z.record(z.string(), z.unknown());
const found = z.object({ Item: item.default({}) });

/** The engine behind the meter. */
export interface EngineClient {
  /** Sends a request with the credentials in `headers`. */
  call(operation: string, body: object, headers: IncomingHttpHeaders): Promise<EngineAnswer>;
  /** The current sizes of items in bytes; 0 if there is none. */
  sizesOf(tableName: string, keys: readonly ItemKey[], headers: IncomingHttpHeaders): Promise<number[]>;
}

/** Talks to the engine over connections that stay open. */
export function engineClient(url: string): EngineClient {
  const agent = new Agent({ keepAlive: true });

  const call: EngineClient['call'] = (operation, body, headers) =>
    new Promise((resolve, reject) => {
      const kept = Object.fromEntries(KEPT.map((name) => [name, String(headers[name])]));
      const outgoing = request(url, {
        agent,
        method: 'POST',
        headers: { ...kept, 'x-amz-target': `${TARGET}${operation}` },
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
