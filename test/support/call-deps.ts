import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoGuardStore } from '#adapters/dynamodb/guard-store.ts';
import { dynamoHistoryStore } from '#adapters/dynamodb/history-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoRingCounters } from '#adapters/dynamodb/ring-counters.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import { epochMs, later } from '#domain/time.ts';
import type { Queue, RingJob, TimerJob } from '#ports/queues.ts';
import type { AcceptCallDeps } from '#usecases/calls/accept-call.ts';
import type { PlaceCallDeps } from '#usecases/calls/place-call.ts';

/** A queue that remembers, after failing as often as it is told to. */
export function aQueue<Job>(failures = 0): Queue<Job> & { readonly sent: Job[] } {
  const sent: Job[] = [];
  let left = failures;
  return {
    sent,
    async send(jobs) {
      if (left > 0) {
        left -= 1;
        throw new Error('crashed');
      }
      sent.push(...jobs);
    },
  };
}

/** What creating a call needs, over the real table; `failures`: how often it crashes before its ring is on the way. */
export function callDeps(failures = 0) {
  const skew = { ms: 0 };
  const clock = () => later(epochMs(Date.now()), skew.ms);
  const table = dynamoTable(inject('dynamodb').table, clock);
  const deps = {
    clock,
    calls: dynamoCallStore(table, 30),
    busyLocks: dynamoBusyLockStore(table),
    presence: dynamoPresenceStore(table),
    history: dynamoHistoryStore(table, 30),
    guards: dynamoGuardStore(table),
    ringCounters: dynamoRingCounters(table),
    whoMayRing: 'anyone' as const,
    meter: { record: () => undefined },
    traces: dynamoTraceStore(table, 30),
    peers: { send: async () => 'sent' as const, isOpen: async () => true },
    ringJobs: aQueue<RingJob>(failures),
    timers: aQueue<TimerJob>(),
    wait: async () => undefined,
    vanishGraceMs: 20_000,
    answerGraceMs: 60_000,
    mailbox: dynamoMailbox(table),
    mint: { login: async () => 'login', wake: async () => 'wake', call: async () => 'call' },
    rules: { busy: 'reject' as const, maxDurationMs: 3_600_000 },
  } satisfies PlaceCallDeps & AcceptCallDeps;
  return { deps, skew };
}

/** A ring by REST with a login token. */
export const aRing = (caller: string, callee: string) => ({
  cid: `default:${randomUUID()}`,
  user: { userId: caller, kind: 'login' as const, tokenFingerprint: 'b' },
  members: [{ userId: callee }],
  video: false,
  custom: {},
});
