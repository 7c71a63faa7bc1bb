import { CarillonError } from './errors.ts';

/** What a value must be, in words and as a test. */
export type Kind = readonly [words: string, fits: (value: unknown) => boolean];

/** What a value must be: of a kind, or an object with these fields. One whose name ends in `?` may be absent. */
export type Shape = Kind | { readonly [field: string]: Shape };

/** Without lone surrogates, which are no text for a server. */
export const STRING: Kind = ['a string', (value) => typeof value === 'string' && !/[\ud800-\udfff]/u.test(value)];
/** Why a call is declined. */
export const REASON: Kind = [
  'a string of at most 64 characters',
  (value) => STRING[1](value) && String(value).length <= 64,
];
export const TEXT: Kind = ['a string that is not empty', (value) => value !== '' && STRING[1](value)];
export const TEXTS: Kind = [
  'a list of at least one user id',
  (value) => Array.isArray(value) && value.length > 0 && value.every(TEXT[1]),
];
export const NUMBER: Kind = ['a finite number', Number.isFinite];
export const BOOLEAN: Kind = ['true or false', (value) => typeof value === 'boolean'];
export const FUNCTION: Kind = ['a function', (value) => typeof value === 'function'];
export const OBJECT: Kind = ['an object', (value) => typeof value === 'object' && value !== null];
/** A timer takes no longer time: it would be over at once. */
export const MS: Kind = [
  'a time in ms',
  (value) => Number.isFinite(value) && Number(value) >= 0 && Number(value) < 2 ** 31,
];
/** What fits into a header and the name of a subprotocol, as every JWT does. */
export const TOKEN: Kind = ['a token', (value) => TEXT[1](value) && /^[\w.-]+$/.test(String(value))];

/** Refuses what the app has passed and what cannot be right, by the name of its place. */
export function check(place: string, value: unknown, shape: Shape): void {
  if (isKind(shape)) {
    const [words, fits] = shape;
    if (!fits(value)) throw new CarillonError('invalid_argument', `${place} must be ${words}`);
    return;
  }
  check(place, value, OBJECT);
  for (const [name, inner] of Object.entries(shape)) {
    const field = name.replace('?', '');
    const held = Reflect.get(Object(value), field);
    if (held !== undefined || field === name) check(`${place}.${field}`, held, inner);
  }
}

const isKind = (shape: Shape): shape is Kind => Array.isArray(shape);

/** What the app has passed as JSON, for a server. Throws if it cannot be, as a cycle or a BigInt cannot. */
export function jsonOf(place: string, value: object): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new CarillonError('invalid_argument', `${place} cannot be written as JSON`, { cause });
  }
}

/** The origin of an address. React Native's URL cannot read one. */
export function originOf(place: string, url: unknown): string {
  check(place, url, HTTP);
  return /^[^/]*\/\/[^/?#]*/.exec(String(url))?.[0] ?? '';
}

/** An address that begins so. */
const address = (words: string, pattern: RegExp): Kind => [
  words,
  (value) => {
    try {
      return typeof value === 'string' && pattern.test(value) && Boolean(new URL(value));
    } catch {
      return false;
    }
  },
];

const HTTP: Kind = /* @__PURE__ */ address('an http or https address', /^https?:\/\/[^/?#\s@]+([/?#]\S*)?$/);
export const WS: Kind = /* @__PURE__ */ address(
  'a ws or wss address without a query',
  /^wss?:\/\/[^/?#\s@]+(\/[^?#\s]*)?$/,
);
