import { describe, expect, it } from 'vitest';
import type { PushFakes } from '#local/push/push-fakes.ts';
import type { PushRecord } from '#local/push/push-log.ts';
import { judge } from '#test/bench/push/judge.ts';
import type { BenchRing } from '#test/bench/push/rings.ts';

const START = Date.parse('2026-11-20T12:00:00.000Z');

/** A request that arrived `afterMs` after the ring; if it is `delivered`, the phone got it then. */
const request = (afterMs: number, status: number, delivered = status === 200): PushRecord => {
  const at = new Date(START + afterMs).toISOString();
  return {
    at,
    monotonic_ms: afterMs,
    provider: 'fcm',
    path: '',
    headers: {},
    body: {},
    status,
    ...(delivered && { delivered_at: at }),
  };
};

const ring = (...tokens: string[]): BenchRing => ({
  id: tokens.join(),
  userId: 'bob',
  devices: tokens.map((token) => ({ token, platform: 'android' })),
  startsAfterMs: 0,
});

/** The verdict on rings if the push services have received these requests. */
function verdictOn(
  received: Record<string, PushRecord[]>,
  rings: BenchRing[],
  extra: { dead?: string; deleted?: string[] } = {},
) {
  const service = {
    connections: 1,
    open_connections: 0,
    requests: 0,
    faults: 0,
    provider_tokens: 1,
    oauth_exchanges: 0,
  };
  const fakes: Pick<PushFakes, 'pushes' | 'stats' | 'violations'> = {
    pushes: (token) => received[token] ?? [],
    stats: () => ({ fcm: service, apns: service, 'apns-sandbox': service, webpush: service }),
    violations: () => [],
  };
  return judge({
    trace: { name: 'a trace', what: '', isDead: ({ token }) => token === extra.dead },
    rings,
    started: rings.map(() => START),
    deleted: extra.deleted ?? [],
    // A verdict uses nothing else.
    fakes: fakes as PushFakes,
  });
}

describe('the verdict of the bench', () => {
  it('counts a ring by the first push that reached one of its phones in time', () => {
    const received = { a: [request(40, 503), request(1040, 200)], b: [request(300, 200)], c: [request(31_000, 200)] };
    const verdict = verdictOn(received, [ring('a', 'b'), ring('c'), ring('d')]);
    expect(verdict).toMatchObject({ reachable: 3, reached: 1, p50Ms: 300, p99Ms: 300 });
  });

  it('does not expect a callee to be reached whose tokens are all dead', () => {
    expect(verdictOn({ b: [request(5, 200)] }, [ring('a'), ring('b')], { dead: 'a' })).toMatchObject({
      reachable: 1,
      reached: 1,
    });
  });

  it('excuses a second push if the answer to the first was lost', () => {
    const received = { a: [request(5, 0, true), request(3005, 200)], b: [request(5, 200), request(1005, 200)] };
    expect(verdictOn(received, [ring('a'), ring('b')])).toMatchObject({ excusedDuplicates: 1, duplicates: 1 });
  });

  it('does not count a request that never arrived as a push', () => {
    const verdict = verdictOn({ a: [request(5, 0), request(3005, 200)] }, [ring('a')]);
    expect(verdict).toMatchObject({ p50Ms: 3005, excusedDuplicates: 0, duplicates: 0 });
  });

  it('counts the deletion of a live token once', () => {
    const deleted = ['a', 'b', 'b'];
    expect(verdictOn({}, [ring('a', 'b')], { dead: 'a', deleted })).toMatchObject({ wronglyDeleted: 1 });
  });
});
