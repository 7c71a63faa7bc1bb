import { createHash } from 'node:crypto';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoSignOutStore } from '#adapters/dynamodb/sign-out-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import type { Call } from '#domain/call/call.ts';
import { decide } from '#domain/call/decide.ts';
import { newCall } from '#domain/call/new-call.ts';
import { type EpochMs, epochMs, HOUR_MS, later } from '#domain/time.ts';
import { registerDevice } from '#usecases/devices/register-device.ts';
import type { Contestant, Ground } from '../contestant.ts';
import { type BenchRing, RING_MS } from '../rings.ts';
import { startSurroundings } from './surroundings.ts';

const RETENTION_DAYS = 30;
const AT_ONCE = 32;

const clock = (): EpochMs => epochMs(Date.now());

/** The ring function as it is deployed: its handler and wiring, with a table and a queue for its retries. */
export async function start(ground: Ground): Promise<Contestant> {
  const surroundings = await startSurroundings(ground);
  const { handler } = await import('../../../../functions/queue/ring.ts');
  surroundings.work(handler);
  const table = dynamoTable(ground.dynamodb.table, clock);
  const devices = dynamoPushTokenStore(table);
  const calls = dynamoCallStore(table, RETENTION_DAYS);
  const register = registerDevice({
    pushTokens: devices,
    signOuts: dynamoSignOutStore(table),
    calls,
    presence: dynamoPresenceStore(table),
    ringJobs: { send: async () => undefined },
    clock,
    webPushHosts: [],
  });
  let rings: readonly BenchRing[] = [];
  return {
    async prepare(all) {
      rings = all;
      await inTurn(all, async ({ userId, devices: phones }) => {
        for (const { token, platform } of phones) {
          const provider = platform === 'ios' ? 'apn' : 'firebase';
          const rest = { idType: 'token', providerName: 'default', voip: platform === 'ios', sandbox: false } as const;
          await register({ userId, token, provider, ...rest }, { kind: 'server' });
        }
      });
    },
    async open(startsAt) {
      await inTurn(rings, async (ring) => {
        await calls.create(ringingCall(ring, epochMs(startsAt + ring.startsAfterMs)));
      });
    },
    ring: ({ id, userId }) =>
      surroundings.deliver({ type: 'ring', cid: `default:${id}`, userId, ringId: ringIdOf(id) }),
    async deleted() {
      const kept = new Set<string>();
      await inTurn(rings, async ({ userId }) => {
        for (const { token } of await devices.list(userId)) kept.add(token);
      });
      return rings.flatMap((ring) => ring.devices.map(({ token }) => token)).filter((token) => !kept.has(token));
    },
  };
}

const ringIdOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32);

/** The call as the function that handles the request writes it. */
function ringingCall({ id, userId }: BenchRing, at: EpochMs): Call {
  const call = newCall(
    {
      cid: `default:${id}`,
      caller: { id: 'caller', name: 'Alice' },
      callerOn: { tokenFingerprint: 'bearer' },
      members: [{ userId }],
      video: true,
      custom: {},
      ringMs: RING_MS,
      busy: 'ring',
      maxDurationMs: HOUR_MS,
    },
    at,
  );
  const decision = decide(call, { type: 'ring', by: 'caller', ringId: ringIdOf(id), claimed: [userId], busy: [] }, at);
  if (decision.kind !== 'changed') throw new Error(`${call.cid} does not ring until ${later(at, RING_MS)}`);
  return decision.change.to;
}

/** Does something with each, several at a time. */
async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  const lane = async (): Promise<void> => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
