import { setTimeout as wait } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, type TransactWriteCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { type PushToken, type Registration, registeredToken, surplus } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { BeforeRemoval, PushTokenStore } from '#ports/push-token-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys, ranges } from './keys.ts';
import { pushTokenOf, pushTokenRowKey } from './push-token-item.ts';
import { queryRange, readable, type Table, unlessLost } from './table.ts';
import { tombstoneKey, tombstoneOf } from './tombstone.ts';

/** The row of a push token as it was read. */
interface StoredTwin {
  readonly twin?: PushToken;
  readonly isUnreadable: boolean;
}

/** The condition that a row is still as it was read, so that what another registration or a push wrote meanwhile is not lost. An unreadable row is overwritten. */
function unchanged({ twin, isUnreadable }: StoredTwin) {
  if (isUnreadable) return {};
  if (!twin) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'refreshedAt = :refreshedAt AND sandbox = :sandbox',
    ExpressionAttributeValues: { ':refreshedAt': twin.refreshedAt, ':sandbox': twin.sandbox },
  };
}

type Writes = NonNullable<TransactWriteCommandInput['TransactItems']>;

const owner = z.object({ userId: z.string(), signedOutAt: storedMs.exactOptional() });

/** How often a registration is tried if others register the same token at the same time. */
const MAX_TRIES = 6;
const BACKOFF_MS = 20;

/** Push tokens in DynamoDB. The owner of a token has a row of its own, so that one token never rings two users. */
export function dynamoPushTokenStore(table: Table): PushTokenStore {
  const { db, name } = table;

  const transact = async (writes: Writes): Promise<boolean> => {
    try {
      await db.send(new TransactWriteCommand({ TransactItems: writes }));
      return true;
    } catch (error) {
      // Somebody else wrote one of these rows meanwhile. Whoever called this decides whether to try again.
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  };

  const removal = (pushToken: PushToken): Writes => [
    {
      Delete: {
        TableName: name,
        Key: pushTokenRowKey(pushToken),
        ConditionExpression: 'refreshedAt = :refreshedAt',
        ExpressionAttributeValues: { ':refreshedAt': pushToken.refreshedAt },
      },
    },
    {
      Delete: {
        TableName: name,
        Key: keys.tokenOwner(pushToken.key),
        ConditionExpression: 'userId = :userId',
        ExpressionAttributeValues: { ':userId': pushToken.userId },
      },
    },
  ];

  const buried = (pushToken: PushToken, reason: string): Writes => [
    { Put: { TableName: name, Item: tombstoneOf(pushToken, reason, table) } },
  ];

  const ownerOf = async (key: string): Promise<z.output<typeof owner> | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: name, Key: keys.tokenOwner(key), ConsistentRead: true }),
    );
    return Item && owner.parse(Item);
  };

  const storedTwin = async (pushToken: Pick<PushToken, 'userId' | 'provider' | 'key'>): Promise<StoredTwin> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: name, Key: pushTokenRowKey(pushToken), ConsistentRead: true }),
    );
    // A row that cannot be read counts as absent and is written anew, so that registering again repairs it.
    const [twin] = readable(table, Item ? [Item] : [], pushTokenOf);
    return { ...defined({ twin }), isUnreadable: Item !== undefined && !twin };
  };

  const list = async (userId: string): Promise<PushToken[]> =>
    readable(table, await queryRange(table, ranges.pushTokens(userId)), pushTokenOf);

  const movedFrom = (former: PushToken): Writes => [
    { Delete: { TableName: name, Key: pushTokenRowKey(former) } },
    ...buried(former, 'moved_to_another_user'),
  ];

  const tryToRegister = async (
    wanted: Registration,
    beforeRemoval: BeforeRemoval,
    signedOutAt: EpochMs | undefined,
  ): Promise<{ pushToken: PushToken; created: boolean } | 'conflict'> => {
    const [held, stored] = await Promise.all([ownerOf(wanted.key), storedTwin(wanted)]);
    const holder = held?.userId;
    const { twin } = stored;
    const pushToken = registeredToken(wanted, twin);
    const moved = holder !== undefined && holder !== pushToken.userId;
    const former = moved ? (await storedTwin({ ...pushToken, userId: holder })).twin : undefined;
    if (former) await beforeRemoval([former], 'moved_to_another_user');
    const written = await transact([
      {
        Put: {
          TableName: name,
          Item: { ...keys.tokenOwner(pushToken.key), userId: pushToken.userId, ...defined({ signedOutAt }) },
          ConditionExpression: holder === undefined ? 'attribute_not_exists(pk)' : 'userId = :holder',
          ...(holder !== undefined && { ExpressionAttributeValues: { ':holder': holder } }),
        },
      },
      {
        Put: {
          TableName: name,
          Item: { ...pushTokenRowKey(pushToken), ...pushToken },
          ...unchanged(stored),
        },
      },
      ...(twin ? [] : [{ Delete: { TableName: name, Key: tombstoneKey(pushToken) } }]),
      ...(moved ? movedFrom(former ?? { ...pushToken, userId: holder }) : []),
    ]);
    if (!written) return 'conflict';
    return { pushToken, created: !twin };
  };

  return {
    list,

    async held(userId, key) {
      const found = await ownerOf(key);
      return found?.userId === userId ? defined({ signedOutAt: found.signedOutAt }) : undefined;
    },

    async register(wanted, beforeRemoval = async () => undefined, signedOutAt = undefined) {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const outcome = await tryToRegister(wanted, beforeRemoval, signedOutAt);
        if (outcome === 'conflict') {
          await wait(Math.random() * BACKOFF_MS * 2 ** tries);
          continue;
        }
        if (outcome.created) {
          const extra = surplus(await list(wanted.userId));
          await beforeRemoval(extra, 'too_many_devices');
          await Promise.all(extra.map((one) => transact([...removal(one), ...buried(one, 'too_many_devices')])));
        }
        return outcome;
      }
      throw new ServiceError('contended', 'this token is being registered by several users at once: try again');
    },

    removeIfUnchanged: (pushToken, reason) => transact([...removal(pushToken), ...buried(pushToken, reason)]),

    async note(pushToken, { works, failing, sandbox }) {
      const sets = [failing && 'failing = :failing', sandbox !== undefined && 'sandbox = :sandbox'].filter(Boolean);
      const update = new UpdateCommand({
        TableName: name,
        Key: pushTokenRowKey(pushToken),
        UpdateExpression: `${sets.length > 0 ? `SET ${sets.join(', ')}` : ''} ${works ? 'REMOVE failing' : ''}`,
        ConditionExpression: 'refreshedAt = :refreshedAt',
        ExpressionAttributeValues: {
          ':refreshedAt': pushToken.refreshedAt,
          ...defined({ ':failing': failing, ':sandbox': sandbox }),
        },
      });
      await unlessLost(db.send(update), () => undefined);
    },
  };
}
