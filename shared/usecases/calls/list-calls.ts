import { type Call, type CallStatus, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { asSeenByThemselves, knowsOf } from '#domain/call/unheard.ts';
import type { Clock } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { HistoryEntry, HistoryStore } from '#ports/history-store.ts';

export interface ListCallsDeps {
  readonly calls: CallStore;
  readonly history: HistoryStore;
  readonly clock: Clock;
}

export interface ListCalls {
  readonly userId: string;
  /** Calls in this status, or those that this user missed. */
  readonly status?: CallStatus | 'missed';
  readonly limit: number;
  /** Start after this place. */
  readonly after?: string;
}

/** How many calls are looked at for one page, so that a rare status cannot make a request endless. */
const MAX_LOOKED_AT = 500;
const PAGE = 100;

/** A user's own calls, newest first. `next` names the place where the next page starts, where there may be one. */
export const listCalls =
  (deps: ListCallsDeps) =>
  async ({ userId, status, limit, after }: ListCalls): Promise<{ calls: Call[]; next?: string }> => {
    const found: Call[] = [];
    let cursor = after;
    for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += PAGE) {
      const { entries, next } = await deps.history.list(userId, PAGE, cursor);
      const fitting = (await callsOf(deps, entries)).filter(({ call }) => fits(call, userId, status));
      const taken = fitting.slice(0, limit - found.length);
      found.push(...taken.map(({ call }) => call));
      if (next === undefined && fitting.length === taken.length) return { calls: found };
      cursor = found.length === limit ? taken.at(-1)?.position : next;
      if (found.length === limit) break;
    }
    return { calls: found, ...(cursor !== undefined && { next: cursor }) };
  };

/** The calls of a part of the history, in its order, as they stand now; what is no longer kept is left out. */
async function callsOf({ calls, clock }: ListCallsDeps, entries: readonly HistoryEntry[]) {
  const stored = new Map((await calls.findAll(entries.map(({ cid }) => cid))).map((call) => [call.cid, call]));
  return entries.flatMap(({ cid, cursor: position }) => {
    const call = stored.get(cid);
    return call ? [{ call: asOf(call, clock()), position }] : [];
  });
}

function fits(call: Call, userId: string, status: ListCalls['status']): boolean {
  if (!knowsOf(call, userId)) return false;
  if (status === undefined) return true;
  const member = memberOf(call, userId);
  if (status === 'missed') return member !== undefined && asSeenByThemselves(member).state === 'missed';
  return call.status === status;
}
