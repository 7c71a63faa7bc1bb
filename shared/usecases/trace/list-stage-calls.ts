import { type Call, type CallStatus, memberOf, membersOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { type Clock, type EpochMs, epochMs, later, MINUTE_MS } from '#domain/time.ts';
import type { CallIndex, CallIndexQuery } from '#ports/call-index.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { HistoryEntry } from '#ports/history-store.ts';
import type { TraceStore } from '#ports/trace.ts';
import { type RingTrace, traceOf } from './read-trace.ts';

export interface ListStageCallsDeps {
  readonly callIndex: CallIndex;
  readonly calls: CallStore;
  readonly traces: TraceStore;
  readonly clock: Clock;
  /** How long calls are kept, from their creation. */
  readonly keptMs: number;
}

/** Which calls of the stage are asked for. */
export interface ListStageCalls {
  /** Only calls of which this user is a member. */
  readonly userId?: string | undefined;
  /** Only calls in this status; `missed`: that this user has missed, or without a user anybody. */
  readonly status?: CallStatus | 'missed' | undefined;
  /** Only calls made at this moment or later. */
  readonly from?: EpochMs | undefined;
  /** Only calls made before this moment. */
  readonly to?: EpochMs | undefined;
  readonly limit: number;
  /** Start after this place. */
  readonly after?: string | undefined;
}

/** A call of the stage, and how its rings went. */
export interface StageCall extends Pick<RingTrace, 'verdicts'> {
  readonly call: Call;
}

/** How many calls are looked at for one page, so that a rare status cannot make a request endless. */
const MAX_LOOKED_AT = 500;
const MOST_AT_ONCE = 100;

/** A call and its place in the list. */
interface Found {
  readonly call: Call;
  readonly cursor: string;
}

/** A call of this moment may have been made by a function whose clock is ahead. */
const AHEAD_MS = MINUTE_MS;

/** The calls of a stage, or of one of its users, newest first, for whoever operates it. `next` names the place where the next page starts, where there may be one. */
export const listStageCalls =
  (deps: ListStageCallsDeps) =>
  async ({
    userId,
    status,
    from,
    to,
    limit,
    after,
  }: ListStageCalls): Promise<{ calls: StageCall[]; next?: string }> => {
    const now = deps.clock();
    const query: CallIndexQuery = {
      userId,
      from: epochMs(Math.max(from ?? 0, later(now, -deps.keptMs))),
      to: epochMs(Math.min(to ?? Number.POSITIVE_INFINITY, later(now, AHEAD_MS))),
    };
    // Nothing that is read for one page is left over unless there is something to look for.
    const size = status === undefined ? limit : MOST_AT_ONCE;
    const found: Found[] = [];
    let cursor = after;
    for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += size) {
      const { entries, next } = await deps.callIndex.page({ ...query, after: cursor }, size);
      const fitting = (await callsOf(deps, entries)).filter(({ call }) => fits(call, userId, status));
      const taken = fitting.slice(0, limit - found.length);
      found.push(...taken);
      cursor = taken.length < fitting.length ? taken.at(-1)?.cursor : next;
      if (cursor === undefined || found.length === limit) break;
    }
    const calls = await Promise.all(found.map(({ call }) => withVerdicts(deps, call)));
    return { calls, ...(cursor !== undefined && { next: cursor }) };
  };

/** The calls of a page, in its order, as they stand now; what is no longer kept is left out. */
async function callsOf({ calls, clock }: ListStageCallsDeps, entries: readonly HistoryEntry[]): Promise<Found[]> {
  const stored = new Map((await calls.findAll(entries.map(({ cid }) => cid))).map((call) => [call.cid, call]));
  return entries.flatMap(({ cid, cursor }) => {
    const call = stored.get(cid);
    return call ? [{ call: asOf(call, clock()), cursor }] : [];
  });
}

function fits(call: Call, userId: string | undefined, status: ListStageCalls['status']): boolean {
  if (status === undefined) return true;
  if (status !== 'missed') return call.status === status;
  const members = userId === undefined ? membersOf(call) : [memberOf(call, userId)];
  return members.some((member) => member?.state === 'missed');
}

async function withVerdicts({ traces }: ListStageCallsDeps, call: Call): Promise<StageCall> {
  return { call, verdicts: traceOf(call, await traces.read(call.cid), () => true).verdicts };
}
