import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallBook, type Step } from '#client/call-book.ts';
import { answering, joined, over, placing } from '#client/participation.ts';
import type { News } from '#client/picture.ts';
import type { AnsweredOn, CallResource } from '#client/wire.ts';
import { type Call, memberOf } from '#domain/call/call.ts';
import { callResource } from '#wire/views.ts';
import { aRingingCall, NOON } from '../../support/builders.ts';
import { frames, name, played, steps } from '../../support/random-call.ts';

/** Everything that JSON makes of it. */
const onTheWire = <T>(value: object): T => JSON.parse(JSON.stringify(value));

const isNews = (frame: object): frame is News => 'version' in frame && 'members' in frame;

const viewOf = (call: Call, userId: string): CallResource => onTheWire(callResource(call, { userId }));

const HERE: AnsweredOn = { hardware_id: 'p' };
const isHere = ({ hardware_id }: AnsweredOn): boolean => hardware_id === 'p';

/** The rings that an app was told of, as long as they are not over. */
function rings(book: CallBook): string[] {
  return book.cids.filter((cid) => book.part(cid)?.phase === 'incoming');
}

describe.each([2, 4, 14])('in a call of %i, with its events in any order, some twice and some lost', (size) => {
  const order = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 });

  /** The events for a member, shuffled, doubled and lost by `picks`. */
  function heard(all: Parameters<typeof played>[1], who: number, picks: readonly number[], isLossy: boolean) {
    const { changes, call, now } = played(size, all);
    const userId = name(who);
    const pick = (i: number): number => picks[i % picks.length] ?? 0;
    const sent = frames(userId, changes).filter(isNews);
    const kept = sent.filter((_, i) => !isLossy || pick(i + 5) % 4 > 0);
    const twice = kept.filter((_, i) => pick(i) % 3 === 0);
    const shuffled = [...kept, ...twice]
      .map((news, i) => ({ news, place: pick(i * 7 + 3) * 100 + (i % 100) }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ news }) => news);
    return { userId, call, now, shuffled };
  }

  it('rings if the member rings, once for each ring, and is silent otherwise', () => {
    const property = fc.property(steps(size), fc.integer({ min: 1, max: size - 1 }), order, (all, who, picks) => {
      const { userId, call, now, shuffled } = heard(all, who, picks, false);
      const book = new CallBook(userId, isHere);
      const told: Step[] = shuffled.flatMap((news) => book.hear(news, now));
      book.tick(now);
      const own = memberOf(call, userId);
      const isRung = own?.state === 'ringing' && call.status !== 'ended' && now < (own.ringExpiresAt ?? 0);
      expect(rings(book)).toEqual(isRung ? [call.cid] : []);
      const begun = told.filter(({ before, after }) => !before && after.phase === 'incoming');
      expect(new Set(begun.map(({ after }) => after.ringId)).size).toBe(begun.length);
    });
    fc.assert(property, { numRuns: Number(process.env['PERMUTATIONS'] ?? 1000) });
  });

  it('has the true picture after one read, whatever was lost before it', () => {
    const property = fc.property(steps(size), fc.integer({ min: 1, max: size - 1 }), order, (all, who, picks) => {
      const { userId, call, now, shuffled } = heard(all, who, picks, true);
      const book = new CallBook(userId, isHere);
      // A part that only the end of the call ends: it has the picture of everything that came.
      book.put(call.cid, placing);
      const told = [...shuffled.flatMap((news) => book.hear(news, now)), ...book.hear(viewOf(call, userId), now)];
      const last = told.findLast(({ cid }) => cid === call.cid)?.after;
      if (call.status === 'ended') expect(last).toMatchObject({ phase: 'over' });
      else {
        expect(last?.picture?.call).toEqual(viewOf(call, userId).call);
        const members = Object.fromEntries([...(last?.picture?.members ?? [])].map(([id, { member }]) => [id, member]));
        expect(members).toEqual(Object.fromEntries(viewOf(call, userId).members.map((one) => [one.user_id, one])));
      }
    });
    fc.assert(property, { numRuns: Number(process.env['PERMUTATIONS'] ?? 1000) });
  });
});

describe('a handset that is rung', () => {
  const ringing = viewOf(aRingingCall(), 'bob');
  const cid = ringing.call.cid;
  const later = (change: object, own: object): News => ({
    call: { ...ringing.call, version: ringing.call.version + 1, ...change },
    members: ringing.members.map((member) => (member.user_id === 'bob' ? { ...member, ...own } : member)),
  });
  const rung = (): CallBook => {
    const book = new CallBook('bob', isHere);
    book.hear(ringing, NOON);
    return book;
  };
  const reasonAfter = (book: CallBook, news: News): unknown => book.hear(news, NOON).at(-1)?.after.reason;

  it('begins to ring by the state of its user, whatever the event is called', () => {
    expect(rings(rung())).toEqual([cid]);
  });

  it('does not ring for a ring whose end came first', () => {
    const book = new CallBook('bob', isHere);
    book.hear(later({ status: 'ended', ended_reason: 'cancelled' }, { state: 'missed' }), NOON);
    expect(book.hear(ringing, NOON)).toEqual([]);
  });

  it('does not ring after the deadline by the clock of the server, and falls silent at it', () => {
    const deadline = Date.parse(ringing.call.ring_expires_at ?? '');
    expect(new CallBook('bob', isHere).hear(ringing, deadline)).toEqual([]);
    const book = rung();
    expect(book.nextDeadline).toBe(deadline);
    expect(book.tick(deadline - 1)).toEqual([]);
    expect(book.tick(deadline)).toMatchObject([{ after: { phase: 'over', reason: 'missed' } }]);
  });

  it('does not ring twice for one ring, and again for the next', () => {
    const book = rung();
    book.put(cid, over(book.part(cid) ?? placing, 'rejected'));
    expect(book.hear(ringing, NOON)).toEqual([]);
    const again = book.hear(later({}, { ring_id: 'ring-2' }), NOON);
    expect(again).toMatchObject([{ after: { phase: 'incoming', ringId: 'ring-2' } }]);
  });

  it.each([
    [{ state: 'accepted', answered_on: { hardware_id: 'other' } }, 'answered_elsewhere'],
    [{ state: 'rejected' }, 'declined_elsewhere'],
    [{ state: 'missed' }, 'missed'],
  ])('falls silent when its user is %o', (own, reason) => {
    expect(reasonAfter(rung(), later({ status: 'active' }, own))).toBe(reason);
  });

  it.each([
    [{ state: 'accepted' }, 'completed', 'answered_elsewhere'],
    [{ state: 'left' }, 'completed', 'answered_elsewhere'],
    [{ state: 'rejected' }, 'rejected', 'declined_elsewhere'],
    [{ state: 'missed' }, 'cancelled', 'cancelled'],
    [{ state: 'missed' }, 'missed', 'missed'],
  ])('hears, when the call is over, what its user did on another phone: %o', (own, ended_reason, reason) => {
    expect(reasonAfter(rung(), later({ status: 'ended', ended_reason }, own))).toBe(reason);
  });

  it('is in the call when the event of its own answer overtakes the response', () => {
    const book = rung();
    book.put(cid, answering(book.part(cid) ?? placing));
    book.hear(later({ status: 'active' }, { state: 'accepted', answered_on: HERE }), NOON);
    expect(book.part(cid)?.phase).toBe('in');
  });

  it('waits for the response while it answers, though another phone was faster', () => {
    const book = rung();
    book.put(cid, answering(book.part(cid) ?? placing));
    book.hear(later({ status: 'active' }, { state: 'accepted', answered_on: { hardware_id: 'other' } }), NOON);
    expect(book.part(cid)?.phase).toBe('answering');
  });

  it('is out of a call that another handset has taken over, and out of one that it has left', () => {
    const inCall = (): CallBook => {
      const book = rung();
      book.put(cid, joined(book.part(cid) ?? placing));
      return book;
    };
    const taken = later({ status: 'active' }, { state: 'accepted', answered_on: { hardware_id: 'other' } });
    expect(reasonAfter(inCall(), taken)).toBe('answered_elsewhere');
    expect(reasonAfter(inCall(), later({ status: 'active' }, { state: 'left' }))).toBe('left');
  });

  it('has no part in a call that its user is in on another handset, unless it may resume it', () => {
    const active = later({ status: 'active' }, { state: 'accepted', answered_on: { hardware_id: 'other' } });
    expect(new CallBook('bob', isHere).hear(active, NOON)).toEqual([]);
    const resumable = new CallBook('bob', isHere).hear(active, NOON, { resumable: true });
    expect(resumable).toMatchObject([{ after: { phase: 'resumable' } }]);
  });
});

describe('the end of a call', () => {
  const ended = (ended_reason: string, state: string): News =>
    onTheWire({
      call: { ...viewOf(aRingingCall(), 'alice').call, version: 9, status: 'ended', ended_reason },
      members: viewOf(aRingingCall(), 'alice').members.map((one) => (one.user_id === 'bob' ? { ...one, state } : one)),
    });
  const reasonFor = (news: News, reason?: string): unknown => {
    const book = new CallBook('alice', isHere);
    book.put(news.call.cid, joined(placing));
    return book.hear(news, NOON, { reason }).at(-1)?.after.reason;
  };

  it('is told apart: declined, busy, and replaced by another call', () => {
    expect(reasonFor(ended('rejected', 'rejected'))).toBe('rejected');
    expect(reasonFor(ended('rejected', 'busy'))).toBe('busy');
    expect(reasonFor(ended('cancelled', 'missed'), 'replaced')).toBe('replaced');
  });
});
