import { expect, it } from 'vitest';
import { duration } from '../../../console/src/trace/words.ts';

it.each([
  [412.4, '412 ms'],
  [4120, '4.1 s'],
  [41_200, '41 s'],
  [240_000, '4 min'],
  [252_000, '4 min 12 s'],
  [7_440_000, '2 h 4 min'],
  [172_799_000, '47 h 59 min'],
  [172_800_000, '2 days'],
  [40 * 86_400_000 + 5, '40 days'],
])('a length of %i ms is said in the unit that fits: %s', (ms, said) => expect(duration(ms)).toBe(said));
