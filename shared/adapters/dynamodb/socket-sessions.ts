import { DeleteCommand, GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TOKEN_KINDS, UNAUTHENTICATED_REASONS } from '#domain/identity.ts';
import { once } from '#domain/once.ts';
import { HOUR_MS, later, MINUTE_MS } from '#domain/time.ts';
import { SOCKET_PATHS, type SocketSession, type SocketSessions } from '#ports/socket-sessions.ts';
import { storedMs } from '#wire/stored.ts';
import { keys } from './keys.ts';
import { expiringAt, newWriteId, type Row, type Table, unlessLost } from './table.ts';

/** API Gateway closes a WebSocket after two hours, and nobody may tell. */
const SESSION_LIFE_MS = 2 * HOUR_MS + 10 * MINUTE_MS;

const principal = /* @__PURE__ */ once(() =>
  z.object({
    userId: z.string().exactOptional(),
    name: z.string().exactOptional(),
    kind: z.enum(TOKEN_KINDS),
    issuer: z.string().exactOptional(),
    issuedAt: storedMs.exactOptional(),
    cid: z.string().exactOptional(),
    ringId: z.string().exactOptional(),
    hardwareId: z.string().exactOptional(),
    connectionId: z.string().exactOptional(),
    sessionId: z.string().exactOptional(),
    tokenFingerprint: z.string(),
  }),
);

const user = /* @__PURE__ */ once(() => principal().extend({ userId: z.string() }));

const refusals = UNAUTHENTICATED_REASONS.filter((reason) => reason !== 'missing');

const item = /* @__PURE__ */ once(() =>
  z.object({
    sid: z.string(),
    path: z.enum(SOCKET_PATHS),
    openedAt: storedMs,
    isPolled: z.boolean(),
    socket: z.string().exactOptional(),
    isProbed: z.boolean().exactOptional(),
    hardwareId: z.string().exactOptional(),
    sessionId: z.string().exactOptional(),
    bearer: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('verified'), principal: principal() }),
        z.object({ kind: z.literal('refused'), reason: z.enum(refusals), userId: z.string().exactOptional() }),
      ])
      .exactOptional(),
    members: z.record(z.string(), z.object({ user: user().exactOptional(), bearer: user().exactOptional() })),
    outbox: z.array(z.string()),
  }),
);

const pointer = /* @__PURE__ */ once(() => z.object({ goesOnWith: z.string() }));

const sessionOf = (row: Row): SocketSession => {
  const { outbox, ...session } = item().parse(row);
  return { ...session, hasPackets: outbox.length > 0 };
};

/** Sessions of Socket.IO in DynamoDB: one item each, with the packets that wait for a client that polls. */
export function dynamoSocketSessions({ db, name, clock }: Table): SocketSessions {
  const expiry = () => expiringAt(later(clock(), SESSION_LIFE_MS));

  const read = async (id: string): Promise<Row | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: name, Key: keys.socketSession(id), ConsistentRead: true }),
    );
    return Item;
  };

  const update = (sid: string, change: Partial<UpdateCommandInput>) =>
    db.send(
      new UpdateCommand({
        TableName: name,
        Key: keys.socketSession(sid),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...change,
      }),
    );

  /** `isDone` says of a session that refuses a change whether the same request has made it before. */
  const succeeds = (
    sid: string,
    change: Partial<UpdateCommandInput>,
    isDone = (_: Row): boolean => false,
  ): Promise<boolean> =>
    unlessLost(
      update(sid, change).then(() => true),
      (row) => row !== undefined && isDone(row),
    );

  const find = async (sid: string): Promise<SocketSession | undefined> => {
    const row = await read(sid);
    return row && 'sid' in row ? sessionOf(row) : undefined;
  };

  return {
    find,

    async open(session) {
      const Item = { ...keys.socketSession(session.sid), ...session, members: {}, outbox: [], ...expiry() };
      await db.send(new PutCommand({ TableName: name, Item }));
    },

    async attach(socket, sid) {
      const Item = { ...keys.socketSession(socket), goesOnWith: sid, ...expiry() };
      await db.send(new PutCommand({ TableName: name, Item }));
    },

    async ofSocket(socket) {
      const row = await read(socket);
      if (!row) return undefined;
      return 'sid' in row ? sessionOf(row) : find(pointer().parse(row).goesOnWith);
    },

    join(sid, namespace, member) {
      const joinedBy = newWriteId();
      return succeeds(
        sid,
        {
          UpdateExpression: 'SET members.#of = :member',
          ConditionExpression: 'attribute_exists(sid) AND attribute_not_exists(members.#of)',
          ExpressionAttributeNames: { '#of': namespace },
          ExpressionAttributeValues: { ':member': { ...member, joinedBy } },
        },
        ({ members }) => Object(members)[namespace]?.joinedBy === joinedBy,
      );
    },

    login(sid, namespace, user) {
      const id = newWriteId();
      return succeeds(
        sid,
        {
          UpdateExpression: 'SET members.#of.#user = :user, members.#of.loggedInBy = :id',
          ConditionExpression: 'attribute_exists(members.#of) AND attribute_not_exists(members.#of.#user)',
          ExpressionAttributeNames: { '#of': namespace, '#user': 'user' },
          ExpressionAttributeValues: { ':user': user, ':id': id },
        },
        ({ members }) => Object(members)[namespace]?.loggedInBy === id,
      );
    },

    part: (sid, namespace) =>
      succeeds(sid, {
        UpdateExpression: 'REMOVE members.#of',
        ConditionExpression: 'attribute_exists(sid)',
        ExpressionAttributeNames: { '#of': namespace },
      }),

    async detach(socket) {
      await db.send(new DeleteCommand({ TableName: name, Key: keys.socketSession(socket) }));
    },

    async close(known) {
      const { Attributes: row } = await db.send(
        new DeleteCommand({ TableName: name, Key: keys.socketSession(known.sid), ReturnValues: 'ALL_OLD' }),
      );
      // If the answer was lost, the SDK finds nothing when it deletes again.
      return row ? sessionOf(row) : known;
    },

    queue(sid, packets) {
      const id = newWriteId();
      return unlessLost(
        update(sid, {
          // Others may queue and take between a write and its repeat. Nobody polls for long, so these are few.
          UpdateExpression: 'SET outbox = list_append(outbox, :packets) ADD queuedBy :ids',
          ConditionExpression:
            'attribute_exists(sid) AND attribute_not_exists(#socket) AND NOT contains(queuedBy, :id)',
          ExpressionAttributeNames: { '#socket': 'socket' },
          ExpressionAttributeValues: { ':packets': packets, ':ids': new Set([id]), ':id': id },
        }).then(() => ({ kind: 'queued' as const })),
        (row) => {
          const queuedBy: unknown = row?.['queuedBy'];
          if (queuedBy instanceof Set && queuedBy.has(id)) return { kind: 'queued' as const };
          const socket = row && sessionOf(row).socket;
          return socket === undefined ? { kind: 'gone' as const } : { kind: 'upgraded' as const, socket };
        },
      );
    },

    take(sid) {
      const request = newWriteId();
      const taken = (row: Row | undefined): string[] => item().shape.outbox.parse(row?.['taken']);
      return unlessLost(
        update(sid, {
          // Of what is taken one answer may be lost.
          UpdateExpression: 'SET taken = outbox, takenBy = :request, outbox = :none',
          ConditionExpression: 'attribute_exists(sid) AND outbox <> :none AND takenBy <> :request',
          ExpressionAttributeValues: { ':none': [], ':request': request },
          ReturnValues: 'ALL_NEW',
        }).then(({ Attributes }) => taken(Attributes)),
        (row) => (row?.['takenBy'] === request ? taken(row) : []),
      );
    },

    async probe(sid) {
      await succeeds(sid, {
        UpdateExpression: 'SET isProbed = :yes',
        ConditionExpression: 'attribute_exists(sid)',
        ExpressionAttributeValues: { ':yes': true },
      });
    },

    upgrade: (sid, socket) =>
      succeeds(sid, {
        UpdateExpression: 'SET #socket = :socket',
        ConditionExpression: 'attribute_exists(sid) AND outbox = :none',
        ExpressionAttributeNames: { '#socket': 'socket' },
        ExpressionAttributeValues: { ':socket': socket, ':none': [] },
      }),
  };
}
