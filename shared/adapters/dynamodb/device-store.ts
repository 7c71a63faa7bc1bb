import { setTimeout as wait } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ServiceError } from '#domain/errors.ts';
import { type Device, surplus } from '#domain/push-token/token.ts';
import type { DeviceStore } from '#ports/device-store.ts';
import { deviceKey, deviceOf } from './device-item.ts';
import { keys, ranges } from './keys.ts';
import { queryRange, type Table, unlessLost } from './table.ts';
import { tombstoneKey, tombstoneOf } from './tombstone.ts';

type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;

const owner = z.object({ userId: z.string() });

/** How often a registration is tried again when another one of the same token comes in between. */
const MAX_TRIES = 6;
const BACKOFF_MS = 20;

/** Devices in DynamoDB; who owns a token is a row of its own, so that one token never rings two users. */
export function dynamoDeviceStore(table: Table): DeviceStore {
  const { db, name } = table;

  const transact = async (writes: Writes): Promise<boolean> => {
    try {
      await db.send(new TransactWriteCommand({ TransactItems: writes }));
      return true;
    } catch (error) {
      // Somebody else wrote one of these rows meanwhile: the caller looks again, or leaves it at that.
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  };

  const removal = (device: Device): Writes => [
    {
      Delete: {
        TableName: name,
        Key: deviceKey(device),
        ConditionExpression: 'refreshedAt = :refreshedAt',
        ExpressionAttributeValues: { ':refreshedAt': device.refreshedAt },
      },
    },
    {
      Delete: {
        TableName: name,
        Key: keys.tokenOwner(device.key),
        ConditionExpression: 'userId = :userId',
        ExpressionAttributeValues: { ':userId': device.userId },
      },
    },
  ];

  const buried = (device: Device, reason: string): Writes => [
    { Put: { TableName: name, Item: tombstoneOf(device, reason, table) } },
  ];

  const ownerOf = async (key: string): Promise<string | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: name, Key: keys.tokenOwner(key), ConsistentRead: true }),
    );
    return Item && owner.parse(Item).userId;
  };

  const storedTwin = async (device: Device): Promise<Device | undefined> => {
    const { Item } = await db.send(new GetCommand({ TableName: name, Key: deviceKey(device), ConsistentRead: true }));
    return Item && deviceOf(Item);
  };

  const list = async (userId: string): Promise<Device[]> =>
    (await queryRange(table, ranges.devices(userId))).map(deviceOf);

  const movedFrom = (former: Device): Writes => [
    { Delete: { TableName: name, Key: deviceKey(former) } },
    ...buried(former, 'moved_to_another_user'),
  ];

  const tryToRegister = async (device: Device): Promise<{ device: Device; created: boolean } | 'conflict'> => {
    const [holder, twin] = await Promise.all([ownerOf(device.key), storedTwin(device)]);
    const stored = { ...device, createdAt: twin?.createdAt ?? device.createdAt };
    const moved = holder !== undefined && holder !== device.userId;
    const written = await transact([
      {
        Put: {
          TableName: name,
          Item: { ...keys.tokenOwner(device.key), userId: device.userId },
          ConditionExpression: holder === undefined ? 'attribute_not_exists(pk)' : 'userId = :holder',
          ...(holder !== undefined && { ExpressionAttributeValues: { ':holder': holder } }),
        },
      },
      {
        Put: {
          TableName: name,
          Item: { ...deviceKey(device), ...stored },
        },
      },
      ...(twin ? [] : [{ Delete: { TableName: name, Key: tombstoneKey(device) } }]),
      ...(moved ? movedFrom({ ...device, userId: holder }) : []),
    ]);
    if (!written) return 'conflict';
    return { device: stored, created: !twin };
  };

  return {
    list,

    async register(device) {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const outcome = await tryToRegister(device);
        if (outcome === 'conflict') {
          await wait(Math.random() * BACKOFF_MS * 2 ** tries);
          continue;
        }
        if (outcome.created) {
          const extra = surplus(await list(device.userId));
          await Promise.all(extra.map((one) => transact([...removal(one), ...buried(one, 'too_many_devices')])));
        }
        return outcome;
      }
      throw new ServiceError('contended', 'this token is being registered by several users at once: try again');
    },

    async remove(userId, token) {
      const doomed = (await list(userId)).filter((device) => device.token === token);
      await Promise.all(doomed.map((device) => transact(removal(device))));
    },

    removeIfUnchanged: (device, reason) => transact([...removal(device), ...buried(device, reason)]),

    async note(device, { works, failing, sandbox }) {
      const sets = [failing && 'failing = :failing', sandbox !== undefined && 'sandbox = :sandbox'].filter(Boolean);
      const update = new UpdateCommand({
        TableName: name,
        Key: deviceKey(device),
        UpdateExpression: `${sets.length > 0 ? `SET ${sets.join(', ')}` : ''} ${works ? 'REMOVE failing' : ''}`,
        ConditionExpression: 'refreshedAt = :refreshedAt',
        ExpressionAttributeValues: {
          ':refreshedAt': device.refreshedAt,
          ...(failing && { ':failing': failing }),
          ...(sandbox !== undefined && { ':sandbox': sandbox }),
        },
      });
      await unlessLost(db.send(update), () => undefined);
    },
  };
}
