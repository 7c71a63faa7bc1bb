import { expect, it } from 'vitest';
import { SHAPES } from '../../../console/src/trace/mark.ts';

it('each mark of the picture of a ring has a shape and words of its own, so that nobody needs its colour', () => {
  const marks = Object.values(SHAPES);
  expect(new Set(marks.map(({ path, fill }) => `${path} ${fill}`)).size).toBe(marks.length);
  expect(new Set(marks.map(({ legend }) => legend)).size).toBe(marks.length);
});
