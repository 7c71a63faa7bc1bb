import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Call, memberOf } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { expire } from '#domain/call/expire.ts';
import { type CallReport, callReports } from '#domain/report/call-reports.ts';
import { later } from '#domain/time.ts';
import { encodeReport } from '#wire/report/encode.ts';
import { reportEvents } from '#wire/report/events.ts';
import { aCreatedCall, anActiveCall, aRingingCall, NOON, onPhone } from '../../support/builders.ts';
import { played, steps } from '../../support/random-call.ts';

const SOON = later(NOON, 1000);

function following(call: Call, command: CallCommand): Call {
  const decision = decide(call, command, SOON);
  if (decision.kind !== 'changed') throw new Error(`nothing changes: ${JSON.stringify(decision)}`);
  return decision.change.to;
}

const typesOf = (before: Call | undefined, to: Call): string[] => callReports(before, to).map(({ type }) => type);
const eventOf = (report: CallReport) => encodeReport({ ...report, phones: new Map() });

/** What a report is about, as far as the members who are told of a change hear it as well. */
const nameOf = ({ type, about }: Pick<CallReport, 'type' | 'about'>): string =>
  /accepted|rejected|member/.test(type) ? `${type} ${about}` : type;

/** What the change itself says to members. */
const toldBy = ({ effects: { events, rings } }: Change): string[] => [
  ...(rings.length > 0 ? ['call.ring'] : []),
  ...events.map(nameOf),
];

const unique = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

describe('the reports of a call', () => {
  it('begin with its creation, and its ring if it rings from the start', () => {
    expect(typesOf(undefined, aCreatedCall())).toEqual(['call.created']);
    // A call that is placed is written when it rings already.
    expect(typesOf(undefined, { ...aRingingCall(), version: 1 })).toEqual(['call.created', 'call.ring']);
  });

  it('say who was rung, answered, declined, cancelled, missed and left', () => {
    const ringing = aRingingCall(['bob', 'carol']);
    const [ring] = callReports(aCreatedCall(['bob', 'carol']), ringing);
    expect(ring).toMatchObject({ type: 'call.ring', by: { id: 'alice', name: 'Alice' }, callees: ['bob', 'carol'] });

    const rejected = following(ringing, { type: 'reject', by: 'bob', on: onPhone('p'), reason: 'later' });
    expect(callReports(ringing, rejected)).toMatchObject([
      { type: 'call.rejected', by: { id: 'bob' }, reason: 'later' },
    ]);
    const accepted = following(rejected, { type: 'accept', by: 'carol', on: onPhone('p') });
    expect(callReports(rejected, accepted)).toMatchObject([{ type: 'call.accepted', about: 'carol', at: SOON }]);
    const left = following(accepted, { type: 'leave', by: 'carol' });
    expect(callReports(accepted, left)).toMatchObject([
      { type: 'call.member_left', about: 'carol' },
      { type: 'call.ended', by: { id: 'carol' }, reason: 'completed' },
    ]);
    const cancelled = following(ringing, { type: 'cancel', by: 'alice' });
    expect(callReports(ringing, cancelled)).toMatchObject([
      { type: 'call.cancelled', by: { id: 'alice', name: 'Alice' } },
      { type: 'call.ended', reason: 'cancelled' },
    ]);
    const missed = expire(ringing, later(NOON, 45_000))?.to ?? ringing;
    const [first, last] = callReports(ringing, missed);
    expect(first).toMatchObject({ type: 'call.missed', callees: ['bob', 'carol'] });
    expect(last).toMatchObject({ type: 'call.ended', reason: 'missed' });
    expect(first).not.toHaveProperty('by');
  });

  it('say that a call was replaced, that somebody was busy, and who was added', () => {
    const ringing = aRingingCall();
    expect(callReports(ringing, following(ringing, { type: 'replace', by: 'alice' }))).toMatchObject([
      { type: 'call.cancelled', reason: 'replaced' },
      { type: 'call.ended', reason: 'replaced' },
    ]);
    const created = aCreatedCall(['bob', 'carol']);
    const busy = following(created, { type: 'ring', by: 'alice', ringId: 'r', busy: ['carol'] });
    expect(callReports(created, busy)).toMatchObject([
      { type: 'call.ring', callees: ['bob'] },
      { type: 'call.rejected', about: 'carol', reason: 'busy' },
    ]);
    const active = anActiveCall();
    const added = following(active, { type: 'add', by: 'alice', members: ['dan', 'eve'], asServer: false });
    expect(callReports(active, added).map(nameOf)).toEqual(['call.member_added dan', 'call.member_added eve']);
    expect(callReports(active, added).map(({ by }) => by)).toEqual([added.createdBy, added.createdBy]);
  });

  it('are none for what is no change of the call, and begin anew where an id is used again', () => {
    const active = anActiveCall();
    const bob = memberOf(active, 'bob');
    if (!bob) throw new Error('bob is no member');
    const moved = { ...active, members: { ...active.members, bob: { ...bob, handset: onPhone('another') } } };
    expect(callReports(active, moved)).toEqual([]);
    const again = { ...aCreatedCall(), createdAt: later(NOON, 86_400_000) };
    expect(typesOf({ ...active, status: 'ended' }, again)).toEqual(['call.created']);
  });

  it.each([2, 4, 14])('of a random call of %i are what its members are told, in the order of its versions', (size) => {
    fc.assert(
      fc.property(steps(size), (all) => {
        const { changes } = played(size, all);
        const ids = new Set<string>();
        let count = 0;
        for (const change of changes) {
          const reports = callReports(change.from, change.to);
          expect(unique(reports.map(nameOf))).toEqual(unique(toldBy(change)));
          expect(reports).toHaveLength(unique(reports.map(nameOf)).length);
          const events = reports.map(eventOf);
          expect(reports.map(eventOf)).toEqual(events);
          for (const event of events) {
            expect(event.version).toBe(change.to.version);
            expect(reportEvents[event.type].safeParse(event).error).toBeUndefined();
            ids.add(event.id);
            count += 1;
          }
        }
        expect(ids.size).toBe(count);
        const last = changes.at(-1)?.to;
        const ended = changes
          .flatMap(({ from, to }) => callReports(from, to))
          .filter(({ type }) => type === 'call.ended');
        expect(ended).toHaveLength(last?.status === 'ended' ? 1 : 0);
      }),
      { numRuns: 300 },
    );
  });

  it('never hold the app’s own data, a fingerprint of a token or an SDP', () => {
    const secret = 'only-the-app-knows';
    const call = anActiveCall();
    const text = JSON.stringify([
      ...callReports(undefined, { ...call, custom: { secret } }).map(eventOf),
      ...callReports(call, following({ ...call, custom: { secret } }, { type: 'leave', by: 'bob' })).map(eventOf),
    ]);
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/ingerprint|"custom"/);
  });
});

describe('the record of a call', () => {
  const ended = (call: Call) => {
    const reports = callReports(anActiveCall(), call);
    const report = reports.find(({ type }) => type === 'call.ended');
    if (!report) throw new Error('the call has not ended');
    return report;
  };

  it('says how long the members talked, and what became of each callee and phone', () => {
    const over = decide(
      anActiveCall(['bob', 'carol']),
      { type: 'end', by: 'alice', on: onPhone('p') },
      later(NOON, 90_400),
    );
    if (over.kind !== 'changed') throw new Error('the call goes on');
    const phones = [{ provider: 'firebase', device: 'abcd1234', outcome: 'accepted' as const }];
    const event = encodeReport({ ...ended(over.change.to), phones: new Map([['bob', phones]]) });
    expect(event).toMatchObject({
      record: {
        created_by: { id: 'alice', name: 'Alice' },
        ended_by: 'alice',
        ended_reason: 'completed',
        talk_s: 90,
        callees: [
          { user_id: 'bob', state: 'accepted', phones },
          { user_id: 'carol', state: 'missed', phones: [] },
        ],
      },
    });
  });

  it('stays below the limit of the bus with a hundred callees who have 25 phones each', () => {
    const callees = Array.from({ length: 99 }, (_, i) => `user-${String(i).padStart(120, '0')}`);
    const phones = Array.from({ length: 25 }, (_, i) => ({
      provider: 'firebase',
      device: `device${i}`.padEnd(8, '0'),
      outcome: 'accepted' as const,
    }));
    const call = { ...anActiveCall(['bob', ...callees]), status: 'ended' as const, version: 9, endedAt: SOON };
    const event = encodeReport({ ...ended(call), phones: new Map(callees.map((id) => [id, phones])) });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(240 * 1024);
    expect(JSON.stringify(event).match(/"accepted"/g)?.length).toBeGreaterThan(1000);
  });
});
