import fc from 'fast-check';

/** JSON as it is written. It can hold what no parsed value can: the same key twice, huge numbers, `__proto__`. */
type Text =
  | { readonly kind: 'leaf'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: Text])[] };

const leaf = (text: string): Text => ({ kind: 'leaf', text });

function written(value: unknown): Text {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(written) };
  if (typeof value !== 'object' || value === null) return leaf(JSON.stringify(value));
  return { kind: 'object', entries: Object.entries(value).map(([key, inner]) => [key, written(inner)]) };
}

function textOf(json: Text): string {
  switch (json.kind) {
    case 'leaf':
      return json.text;
    case 'list':
      return `[${json.items.map(textOf).join(',')}]`;
    case 'object':
      return `{${json.entries.map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(',')}}`;
  }
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Values that commonly break code. */
const HOSTILE: readonly string[] = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e400',
    '-1e400',
    '1e308',
    '9007199254740993',
    '4999',
    '180001',
  ],
  ...['""', '" "', '"\\ud800"', '"\\udc00x"', '"\\u0000"', '"\\u202e"', '"__proto__"', '"constructor"', '"default:"'],
  ...['"Ünïcödé"', '"👩‍👩‍👧"', '"%00"', '"../.."', '"a#b"', `"${'x'.repeat(129)}"`, `"${'\\n'.repeat(3000)}"`],
  ...[
    '{}',
    '[]',
    '[null]',
    '{"__proto__":{"role":"server"}}',
    '{"constructor":{"prototype":1}}',
    '{"":""}',
    nested(7000),
  ],
  ...[`[${'1,'.repeat(3000)}1]`, `{"${'k'.repeat(5000)}":1e400}`, '{"toString":1,"length":-1}', '{"then":{}}'],
];

const KEYS = ['__proto__', 'constructor', 'toString', 'type', 'id', 'user_id', 'call_cid', '', '\u0000', 'ключ'];

type Edit = (json: Text, value: string, key: string) => Text | 'gone';

/** What may happen to one part of a message. */
const EDITS: readonly Edit[] = [
  () => 'gone',
  (_, value) => leaf(value),
  (_, value) => leaf(value),
  (json) => ({ kind: 'list', items: [json] }),
  (json, _, key) => ({ kind: 'object', entries: [[key, json]] }),
  (json, value, key) =>
    json.kind === 'object' ? { ...json, entries: [...json.entries, [key, leaf(value)]] } : leaf(value),
  (json, value) => (json.kind === 'object' ? twice(json, value) : { kind: 'list', items: [json, json] }),
];

const twice = (json: Extract<Text, { kind: 'object' }>, value: string): Text => ({
  ...json,
  entries: json.entries.flatMap(([key, inner], i) =>
    i === 0
      ? [
          [key, inner],
          [key, leaf(value)],
        ]
      : [[key, inner]],
  ),
});

/** The number of parts of `json`, itself included. */
const countOf = (json: Text): number =>
  1 +
  (json.kind === 'list' ? json.items : json.kind === 'object' ? json.entries.map(([, value]) => value) : []).reduce(
    (sum, inner) => sum + countOf(inner),
    0,
  );

/** `json` with one part edited: the part number `at`, where `json` itself is number 0. */
function edited(json: Text, at: number, edit: (part: Text) => Text | 'gone'): Text | 'gone' {
  if (at === 0) return edit(json);
  let before = at - 1;
  const within = (inner: Text): Text | 'gone' => {
    const mine = before;
    before -= countOf(inner);
    return mine >= 0 && before < 0 ? edited(inner, mine, edit) : inner;
  };
  switch (json.kind) {
    case 'leaf':
      return json;
    case 'list':
      return { kind: 'list', items: json.items.map(within).filter((inner) => inner !== 'gone') };
    case 'object':
      return {
        kind: 'object',
        entries: json.entries.flatMap(([key, value]) => {
          const inner = within(value);
          return inner === 'gone' ? [] : [[key, inner] as const];
        }),
      };
  }
}

/** What may happen to the text of a message as a whole. */
const SPOILS: readonly ((text: string) => string)[] = [
  ...Array.from({ length: 12 }, () => (text: string) => text),
  (text) => text.slice(0, -1),
  (text) => `${text}${text}`,
  (text) => `\uFEFF${text}`,
  (text) => `${text}\u0000`,
  (text) => text.replaceAll('"', "'"),
  () => '',
];

const anEdit = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom(...EDITS),
  value: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...HOSTILE) }, { weight: 1, arbitrary: fc.json() }),
  key: fc.constantFrom(...KEYS),
});

/** The text of good messages, broken in one to three places. */
export const broken = (good: fc.Arbitrary<object>): fc.Arbitrary<string> =>
  fc
    .tuple(good, fc.array(anEdit, { minLength: 1, maxLength: 3 }), fc.constantFrom(...SPOILS))
    .map(([message, edits, spoil]) => {
      let json = written(message);
      for (const { at, how, value, key } of edits) {
        const next = edited(json, at % countOf(json), (part) => how(part, value, key));
        if (next !== 'gone') json = next;
      }
      return spoil(textOf(json));
    });

/** Runs a property on the same cases every time, or on those of `FUZZ_SEED`. A failure prints its seed and the smallest case. */
export const fuzzParameters = (numRuns: number): fc.Parameters<unknown> => ({
  numRuns: Number(process.env['FUZZ_RUNS'] ?? numRuns),
  seed: Number(process.env['FUZZ_SEED'] ?? 20_261_120),
});
