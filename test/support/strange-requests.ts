import fc from 'fast-check';

const PIECES = [
  ...['', '.', '..', '%', '%2', '%00', '%2F', '%25', '%F0%9F%91%A9', '%ff', '__proto__', 'constructor', '{id}', '*'],
  ...['default', 'video', 'call', 'api', 'v2', 'x'.repeat(129)],
];
const VALUES = [
  ...['', '0', '1', '100', '101', '-1', '1e2', '0x10', 'NaN', 'ended', 'missed', '__proto__', '\u0000', 'ünï', '%'],
  'x'.repeat(4097),
  ...['2026-01-01T', `2026-01-01T${'\xff'.repeat(300)}`, '2026-01-01T\u0000#CALL', '9999-99-99T00Z#a:b'].map((cursor) =>
    Buffer.from(cursor, 'latin1').toString('base64url'),
  ),
];
const BEARERS = [
  ...['', 'Bearer', 'Bearer ', 'Bearer a.b.c', 'Basic x', `Bearer ${'x'.repeat(5000)}`],
  ...['Bearer eyJhbGciOiJub25lIn0.e30.', 'Bearer e30.e30.e30', 'Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6N30.e30.x'],
];

/** A request without a body. */
export interface StrangeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests with strange methods, paths, queries and headers, derived from `paths` that exist. */
export const strangeRequests = (paths: readonly string[]): fc.Arbitrary<StrangeRequest> =>
  fc.record({
    method: fc.constantFrom('GET', 'GET', 'POST', 'DELETE', 'PUT', 'PATCH'),
    path: fc.oneof(
      fc.tuple(fc.constantFrom(...paths), fc.nat(8), fc.constantFrom(...PIECES)).map(([path, at, piece]) => {
        const segments = path.split('/').slice(1);
        return `/${segments.with(at % segments.length, piece).join('/')}`;
      }),
      fc.constantFrom(...paths, '/', '//', '///a'),
    ),
    query: fc.dictionary(
      fc.constantFrom('id', 'limit', 'next', 'status', 'user_id', '__proto__', 'token'),
      fc.constantFrom(...VALUES),
      { maxKeys: 3, noNullPrototype: true },
    ),
    headers: fc.dictionary(fc.constantFrom('authorization', 'x-forwarded-for'), fc.constantFrom(...BEARERS), {
      maxKeys: 1,
      noNullPrototype: true,
    }),
  });
