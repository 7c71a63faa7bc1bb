import { describe, expect, it } from 'vitest';
import { type Delivery, openPhones } from '#local/push/phones.ts';
import { openRetryRules } from '#local/push/retry-rules.ts';

describe('a phone', () => {
  const arrivals: string[] = [];
  const delivery = (name: string, more: Partial<Delivery> = {}): Delivery => ({
    keptUntil: Date.now() + 60_000,
    urgent: true,
    arrived: () => void arrivals.push(name),
    ...more,
  });
  const arrived = (): string[] => arrivals.splice(0);

  it('is online until a test says otherwise', () => {
    openPhones().deliver('t', delivery('now', { keptUntil: 0 }));
    expect(arrived()).toEqual(['now']);
  });

  it('gets what it missed when it comes back, in order, except what was not to be kept', () => {
    const phones = openPhones();
    phones.set('t', 'offline');
    phones.deliver('t', delivery('first'));
    phones.deliver('t', delivery('never kept', { keptUntil: 0 }));
    phones.deliver('t', delivery('second'));
    expect(arrived()).toEqual([]);
    phones.set('t', 'online');
    expect(arrived()).toEqual(['first', 'second']);
    phones.set('t', 'offline');
    phones.set('t', 'online');
    expect(arrived()).toEqual([]);
  });

  it('keeps only the latest push in a slot', () => {
    const phones = openPhones();
    phones.set('t', 'offline');
    phones.deliver('t', delivery('old', { slot: 'a' }));
    phones.deliver('t', delivery('of another slot', { slot: 'b' }));
    phones.deliver('t', delivery('new', { slot: 'a' }));
    phones.set('t', 'online');
    expect(arrived()).toEqual(['of another slot', 'new']);
  });

  it('that dozes gets urgent pushes at once, and the rest when it wakes', () => {
    const phones = openPhones();
    phones.set('t', 'offline');
    phones.deliver('t', delivery('kept urgent'));
    phones.set('t', 'dozing');
    phones.deliver('t', delivery('normal', { urgent: false }));
    phones.deliver('t', delivery('urgent'));
    expect(arrived()).toEqual(['kept urgent', 'urgent']);
    phones.set('t', 'online');
    expect(arrived()).toEqual(['normal']);
  });

  it('has no other states', () => {
    expect(() => openPhones().set('t', 'asleep')).toThrow('Invalid option');
  });
});

describe('the same message again', () => {
  const ring = {
    service: 'fcm',
    device: 't',
    keys: { call_cid: 'a:1', type: 'call.ring', ring_id: 'r', n: 1 },
  } as const;
  const again = { ...ring, keys: { ...ring.keys, n: 2 } };
  const stop = { ...ring, keys: { ...ring.keys, type: 'call.ended' } };

  it('may come after a failure, but not before Retry-After is over', () => {
    const rules = openRetryRules();
    rules.ended(ring, { status: 503, final: false }, 1000);
    expect(rules.breach(again, 1001)).toBeUndefined();
    rules.ended(again, { status: 429, final: false, retryAfterS: 2 }, 1000);
    expect(rules.breach(ring, 2900)).toEqual({ rule: 'retry-after', detail: '100 ms too early' });
    expect(rules.breach(ring, 2997)).toBeUndefined();
    expect(rules.breach(stop, 1001)).toBeUndefined();
    expect(rules.breach({ ...ring, device: 'u' }, 1001)).toBeUndefined();
  });

  it('must not come after a final refusal', () => {
    const rules = openRetryRules();
    rules.ended(ring, { status: 404, final: true }, 1000);
    expect(rules.breach(again, 99_000)?.rule).toBe('retry-after-refusal');
    rules.ended(ring, { status: 200, final: false }, 1000);
    expect(rules.breach(again, 99_000)).toBeUndefined();
  });
});
