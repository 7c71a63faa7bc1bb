import { expect, it } from 'vitest';
import { itemSize } from '#test/bench/scale/item-size.ts';

it('counts the bytes of names and texts, a byte for two digits of a number, and three bytes for a list or map', () => {
  expect(itemSize({ pk: 'CALL#1' })).toBe(2 + 6);
  expect(itemSize({ é: '€' })).toBe(2 + 3);
  expect(itemSize({ n: 1234 })).toBe(1 + 3);
  expect(itemSize({ b: true })).toBe(1 + 1);
  expect(itemSize({ z: new Uint8Array(9) })).toBe(1 + 9);
  expect(itemSize({ l: ['ab', 'c'] })).toBe(1 + 3 + (1 + 2) + (1 + 1));
  expect(itemSize({ m: { key: 'v' } })).toBe(1 + 3 + (1 + 3 + 1));
});
