import { expect, it } from 'vitest';
import { inDeliveryOrder } from '#domain/call/signal-order.ts';

const signal = (type: string, seq?: number, from = 'alice') => ({ type, from, ...(seq !== undefined && { seq }) });
const order = (signals: readonly { type: string; seq?: number }[]) =>
  signals.map(({ type, seq }) => (seq === undefined ? type : `${type} ${seq}`));

it('sorts by the sender’s own numbers, and leaves what has none where it came', () => {
  const arrived = [
    signal('sdp.offer'),
    signal('ice.candidate', 3),
    signal('ice.candidate', 1),
    signal('ice.candidate', 2),
  ];
  expect(order(inDeliveryOrder(arrived))).toEqual([
    'sdp.offer',
    'ice.candidate 1',
    'ice.candidate 2',
    'ice.candidate 3',
  ]);
  const all = [signal('ice.candidate', 2), signal('sdp.offer', 1)];
  expect(order(inDeliveryOrder(all))).toEqual(['sdp.offer 1', 'ice.candidate 2']);
});

it('keeps the order of arrival where there are no numbers', () => {
  expect(order(inDeliveryOrder([signal('ice.candidate'), signal('sdp.offer')]))).toEqual([
    'ice.candidate',
    'sdp.offer',
  ]);
});

it('lets the oldest candidates of a sender go beyond 64, never an offer, and counts each sender apart', () => {
  const many = Array.from({ length: 70 }, (_, i) => signal('ice.candidate', i + 2));
  const kept = inDeliveryOrder([signal('sdp.offer', 1), ...many, signal('ice.candidate', 1, 'bob')]);
  expect(kept).toHaveLength(65);
  expect(order(kept).slice(0, 2)).toEqual(['sdp.offer 1', 'ice.candidate 9']);
});
