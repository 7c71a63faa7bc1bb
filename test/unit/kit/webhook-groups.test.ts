import { expect, it } from 'vitest';
import { groupOf } from '#kit/wiring/delivery-queue.ts';

const delivery = (webhook: string, event: object) => ({ webhook, id: 'e1', attempt: 1, body: JSON.stringify(event) });

it('keeps what is told of one call in one group of its webhook, and calls apart', () => {
  const groups = Array.from({ length: 50 }, (_, i) => groupOf(delivery('w', { call_cid: `default:${i}` })));
  expect(new Set(groups)).toEqual(new Set(['w-0', 'w-1']));
  const again = Array.from({ length: 50 }, (_, i) => groupOf(delivery('w', { call_cid: `default:${i}`, version: 2 })));
  expect(again).toEqual(groups);
  expect(groupOf(delivery('other', { call_cid: 'default:1' }))).toMatch(/^other-/);
  expect(groupOf(delivery('w', { user_id: 'bob' }))).toMatch(/^w-[01]$/);
});
