import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '#adapters/dynamodb/keys.ts';
import { rounded } from '../quantile.ts';
import type { BenchStack } from './bench-stack.ts';
import { fresh, type Online, received } from './crowd.ts';
import { eachOf } from './each-of.ts';
import { commanded, heardAt } from './frames.ts';
import { itemSize } from './item-size.ts';
import { LONG_RING } from './long-ring.ts';
import { type Units, unitsOf } from './usage.ts';

/** A call whose members are all online, have one Android phone each, and answer at once. */
export interface GroupCall {
  readonly members: number;
  /** From the caller's frame until its answer, the last `call.ring` and the last push have arrived. */
  readonly rung_ms: number;
  readonly last_event_ms: number;
  readonly last_push_ms: number;
  /** From the first `call.accept` until the last one is answered, and until the caller knows of it. */
  readonly all_answered_ms: number;
  readonly all_heard_ms: number;
  /** Accepts that were refused and repeated, as a client does. */
  readonly asked_again: number;
  /** The size of the call's item once all have accepted, in bytes. */
  readonly item_bytes: number;
  readonly ring_units: Units;
  readonly accept_units: Units;
  readonly end_units: Units;
}

/** A callee. */
export interface Callee extends Online {
  readonly phone: string;
}

const MOST_TRIES = 10;

/** Plays one such call. */
export async function playGroupCall(
  { url, db, table }: BenchStack,
  caller: Online,
  callees: readonly Callee[],
): Promise<GroupCall> {
  const id = fresh('group');
  const call_cid = `default:${id}`;
  const { result: rung, units: ring_units } = await unitsOf(url, () => ringAll(caller, callees, id));
  const last_push_ms = (await lastPush(url, callees, call_cid)) - rung.sentAt;
  const { result: answers, units: accept_units } = await unitsOf(url, () => answerAll(caller, callees, call_cid));
  const { Item = {} } = await db.send(new GetCommand({ TableName: table, Key: keys.call(call_cid) }));
  const end = { type: 'call.end', call_cid };
  const { units: end_units } = await unitsOf(url, () => commanded(caller.socket, end));
  return {
    members: callees.length + 1,
    rung_ms: rounded(rung.rungMs, 1),
    last_event_ms: rounded(rung.lastEventMs, 1),
    last_push_ms,
    all_answered_ms: rounded(answers.answeredMs, 1),
    all_heard_ms: rounded(answers.heardMs, 1),
    asked_again: answers.again,
    item_bytes: itemSize(Item),
    ring_units,
    accept_units,
    end_units,
  };
}

async function ringAll(caller: Online, callees: readonly Callee[], call_id: string) {
  const events = callees.map(({ socket }) =>
    heardAt(socket, (frame) => frame.type === 'call.ring' && frame['call_cid'] === `default:${call_id}`),
  );
  const members = callees.map(({ id }) => ({ user_id: id }));
  const [sentAt, startedAt] = [Date.now(), performance.now()];
  const command = { type: 'call.ring', call_id, members, settings_override: LONG_RING };
  const { at, refusal } = await commanded(caller.socket, command);
  if (refusal !== undefined) throw new Error(`a call of ${callees.length + 1} was not rung: ${refusal}`);
  const lastEventMs = Math.max(...(await Promise.all(events))) - startedAt;
  return { sentAt, rungMs: at - startedAt, lastEventMs };
}

/** When the push to the last phone arrived, in epoch milliseconds. */
async function lastPush(url: string, callees: readonly Callee[], cid: string): Promise<number> {
  const pushes = (await eachOf(callees, 10, ({ phone }) => received(url, phone))).flat();
  const rings = pushes.filter(({ keys: of }) => of['call_cid'] === cid && of['type'] === 'call.ring');
  if (rings.length < callees.length) throw new Error(`${rings.length} of ${callees.length} phones were pushed`);
  return Math.max(...rings.map(({ at }) => at));
}

async function answerAll(caller: Online, callees: readonly Callee[], call_cid: string) {
  const startedAt = performance.now();
  const heard = callees.map(({ id }) =>
    heardAt(caller.socket, (frame) => frame.type === 'call.accepted' && Object(frame['answered_by']).user_id === id),
  );
  let again = 0;
  const answers = callees.map(async ({ socket }) => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { at, refusal } = await commanded(socket, { type: 'call.accept', call_cid });
      if (refusal === undefined) return at;
      again += 1;
    }
    throw new Error(`an accept was refused ${MOST_TRIES} times`);
  });
  const answeredMs = Math.max(...(await Promise.all(answers))) - startedAt;
  return { answeredMs, heardMs: Math.max(...(await Promise.all(heard))) - startedAt, again };
}
