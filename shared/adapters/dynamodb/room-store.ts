import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { endOfStay, MAX_OCCUPANTS, type Occupant, type Room, STAGES } from '#domain/room/room.ts';
import { type EpochMs, toEpochSeconds } from '#domain/time.ts';
import type { Arrival, Entry, Passed, RoomStore } from '#ports/room-store.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { passageUpdate } from './room-passage.ts';
import { expiringAt, isLive, newWriteId, type Row, type Table, unlessLost } from './table.ts';

const item = z.object({
  id: z.string(),
  version: z.number(),
  keepAliveAt: storedMs,
  occupants: z.record(
    z.string(),
    z.object({
      userId: z.string(),
      username: z.string(),
      stage: z.enum(STAGES),
      enteredAt: storedMs,
      since: storedMs,
    }),
  ),
});

function roomOf(row: Row): Room {
  const { occupants, ...room } = item.parse(row);
  const listed = Object.entries(occupants).map(([connectionId, occupant]): Occupant => ({ connectionId, ...occupant }));
  return { ...room, occupants: listed.toSorted(byEntry) };
}

const byEntry = (one: Occupant, other: Occupant): number =>
  one.enteredAt - other.enteredAt || (one.connectionId < other.connectionId ? -1 : 1);

/** How often a room may begin or end while somebody enters it. */
const MAX_TRIES = 5;

/** Rooms in DynamoDB, one row each, with a map of their occupants: a relay costs one read, and each step one write that nobody can spoil. */
export function dynamoRoomStore(table: Table): RoomStore {
  const { db, name, clock } = table;
  const rowOf = (row: Row, connectionId: string): Row | undefined => Object(row['occupants'])[connectionId];
  const liveRoom = (row: Row | undefined): Room | undefined => (isLive(table, row) ? roomOf(row) : undefined);

  /** Takes a step. `isTaken` says of a room in which it cannot be taken whether it was taken before, by the same request. */
  const updated = async (update: UpdateCommand, isTaken: (row: Row) => boolean): Promise<Passed> =>
    unlessLost<Passed, Passed>(
      db.send(update).then(({ Attributes = {} }) => ({ kind: 'passed', room: roomOf(Attributes) })),
      (row) => {
        const room = liveRoom(row);
        return row && room && isTaken(row) ? { kind: 'passed', room } : { kind: 'refused', room };
      },
    );

  const takePlace = (roomId: string, { connectionId, ...arrival }: Arrival): Promise<Passed> => {
    const now = clock();
    return updated(
      new UpdateCommand({
        TableName: name,
        Key: keys.room(roomId),
        UpdateExpression: 'SET #occupants.#connection = :occupant, #ttl = :end ADD #places :one',
        ConditionExpression: '#ttl > :now AND #places < :max AND attribute_not_exists(#occupants.#connection)',
        ExpressionAttributeNames: {
          '#occupants': 'occupants',
          '#connection': connectionId,
          '#places': 'places',
          '#ttl': 'ttl',
        },
        ExpressionAttributeValues: {
          ':occupant': { ...arrival, stage: 'arriving', since: now },
          ':end': expiringAt(endOfStay(arrival.enteredAt)).ttl,
          ':one': 1,
          ':now': toEpochSeconds(now),
          ':max': MAX_OCCUPANTS,
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      (row) => rowOf(row, connectionId) !== undefined,
    );
  };

  /** Undefined if somebody else was quicker. */
  const begin = async (
    roomId: string,
    { connectionId, ...arrival }: Arrival,
    keepAliveAt: EpochMs,
  ): Promise<Room | undefined> => {
    const now = clock();
    const passedBy = newWriteId();
    const Item = {
      ...keys.room(roomId),
      id: roomId,
      version: 0,
      places: 1,
      keepAliveAt,
      occupants: { [connectionId]: { ...arrival, stage: 'arriving', since: now, passedBy } },
      ...expiringAt(endOfStay(arrival.enteredAt)),
    };
    const put = new PutCommand({
      TableName: name,
      Item,
      ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':now': toEpochSeconds(now) },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return unlessLost(
      db.send(put).then(() => roomOf(Item)),
      (row) => (row && rowOf(row, connectionId)?.['passedBy'] === passedBy ? liveRoom(row) : undefined),
    );
  };

  /** Unless somebody has entered meanwhile. */
  const end = async (roomId: string): Promise<void> => {
    const remove = new DeleteCommand({
      TableName: name,
      Key: keys.room(roomId),
      ConditionExpression: 'size(occupants) = :none',
      ExpressionAttributeValues: { ':none': 0 },
    });
    await unlessLost(db.send(remove), () => undefined);
  };

  return {
    async find(roomId) {
      const { Item } = await db.send(new GetCommand({ TableName: name, Key: keys.room(roomId), ConsistentRead: true }));
      return liveRoom(Item);
    },

    async enter(roomId, arrival, keepAliveAt): Promise<Entry> {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const taken = await takePlace(roomId, arrival);
        if (taken.kind === 'passed') return { kind: 'entered', room: taken.room, isNew: false };
        if (taken.room) return { kind: 'full', room: taken.room };
        const room = await begin(roomId, arrival, keepAliveAt);
        if (room) return { kind: 'entered', room, isNew: true };
      }
      throw new Error(`the room ${roomId} began and ended ${MAX_TRIES} times while somebody entered`);
    },

    async pass(passage) {
      const passedBy = newWriteId();
      const step = passageUpdate(passage, { now: clock(), passedBy });
      const passed = await updated(
        new UpdateCommand({ TableName: name, Key: keys.room(passage.roomId), ...step }),
        // Whoever is out is out: what is left to do then may be done twice.
        (row) => {
          const occupant = rowOf(row, passage.connectionId);
          return occupant ? occupant['passedBy'] === passedBy : passage.to === 'out';
        },
      );
      if (passed.kind === 'passed' && passed.room.occupants.length === 0) await end(passage.roomId);
      return passed;
    },

    claimKeepAlive(roomId, due, next) {
      const id = newWriteId();
      return updated(
        new UpdateCommand({
          TableName: name,
          Key: keys.room(roomId),
          UpdateExpression: 'SET keepAliveAt = :next, keptAliveBy = :id',
          ConditionExpression: 'keepAliveAt = :due AND #ttl > :now',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':next': next, ':id': id, ':due': due, ':now': toEpochSeconds(clock()) },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        (row) => row['keptAliveBy'] === id,
      );
    },
  };
}
