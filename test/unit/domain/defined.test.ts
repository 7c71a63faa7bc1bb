import { expect, expectTypeOf, it } from 'vitest';
import { defined } from '#domain/defined.ts';

const name: string | undefined = ['Bob'][1];

it('leaves out what is undefined, and nothing else', () => {
  const values = defined({ name, count: 0, text: '', none: null, yes: false });
  expect(Object.keys(values)).toEqual(['count', 'text', 'none', 'yes']);
});

it('makes optional what may be undefined, so that no key holds it', () => {
  const person: { readonly id: string; readonly name?: string } = { id: 'bob', ...defined({ name }) };
  expect(person).toEqual({ id: 'bob' });
  expectTypeOf(defined({ name }).name).toEqualTypeOf<string | undefined>();
});
