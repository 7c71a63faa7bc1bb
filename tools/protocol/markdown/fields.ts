import type { JsonSchema } from '../json-schemas.ts';

/** The schemas of a document, by name. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

const nameIn = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** The heading under which GitHub finds a type. */
const link = (name: string): string => `[${name}](#${name.toLowerCase()})`;

const hasFields = ({ properties = {} }: JsonSchema): boolean => Object.keys(properties).length > 0;

/** What a reader calls a schema: `string`, `true or false`, a link to an object of its own. */
export function typeText(schemas: Schemas, schema: JsonSchema): string {
  const usual = schema.default === undefined ? [] : [`default \`${String(schema.default)}\``];
  return [kindOf(schemas, schema), ...usual].join(', ');
}

function kindOf(schemas: Schemas, schema: JsonSchema): string {
  if (schema.$ref !== undefined) {
    const name = nameIn(schema.$ref);
    const target = schemas[name] ?? {};
    return hasFields(target) ? link(name) : typeText(schemas, target);
  }
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf && !schema.properties) return schema.anyOf.map((part) => typeText(schemas, part)).join(' or ');
  if (schema.items) return `list of ${typeText(schemas, schema.items)}`;
  const type = [schema.type ?? 'anything'].flat().join(' or ').replace('boolean', 'true or false');
  return [schema.format === 'date-time' ? 'time' : type, ...limits(schema)].join(', ');
}

function limits({ minimum, maximum, maxLength, pattern }: JsonSchema): string[] {
  const range = maximum === undefined ? `from ${String(minimum)}` : `${String(minimum)} to ${String(maximum)}`;
  return [
    ...(minimum === undefined ? [] : [range]),
    ...(maxLength === undefined ? [] : [`at most ${String(maxLength)} characters`]),
    ...(pattern === undefined ? [] : [`as in \`${pattern}\``]),
  ];
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly what: string;
}

/** The fields of an object; those of an object inside it that has no name of its own come along, by their path. */
function fieldsOf(schemas: Schemas, { properties = {}, required = [] }: JsonSchema, path = ''): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const inner = schema.items?.properties ? schema.items : schema;
    const here = `${path}${name}`;
    const type = inner.properties ? (schema.items ? 'list of objects' : 'object') : typeText(schemas, schema);
    const field = { name: here, type, required: required.includes(name), what: schema.description ?? '' };
    return [field, ...fieldsOf(schemas, inner, `${here}.`)];
  });
}

/** A table of the fields of an object. */
export function fieldTable(schemas: Schemas, schema: JsonSchema): string[] {
  const fields = fieldsOf(schemas, schema);
  if (fields.length === 0) return ['An empty object.'];
  return table(
    ['field', 'type', 'required', 'what'],
    fields.map(({ name, type, required, what }) => [`\`${name}\``, type, required ? 'yes' : '', what]),
  );
}

/** A table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A block of JSON, and what it shows; hidden until it is asked for, where it is long. */
export function sample(title: string, value: unknown): string[] {
  const block = ['```json', JSON.stringify(value, null, 2), '```'];
  const isLong = JSON.stringify(value, null, 2).split('\n').length > 24;
  return isLong
    ? ['', '<details>', `<summary>${title}</summary>`, '', ...block, '', '</details>']
    : ['', `${title}:`, '', ...block];
}

/** The schema that a reference names. */
export const named = (schemas: Schemas, { $ref = '' }: JsonSchema): JsonSchema => schemas[nameIn($ref)] ?? {};

/** Every object that has a name and that the text above has not shown whole. */
export function typesChapter(schemas: Schemas, shown: ReadonlySet<string>): string[] {
  const left = Object.entries(schemas).filter(([name, schema]) => hasFields(schema) && !shown.has(name));
  return ['## Types', ...left.flatMap(([name, schema]) => ['', `### ${name}`, '', ...fieldTable(schemas, schema)])];
}

/** What each code means. */
export function codesChapter({ ErrorCode }: Schemas): string[] {
  const meanings = ErrorCode?.['x-carillon-meanings'] ?? {};
  const rows = Object.entries(meanings).map(([code, what]) => [`\`${code}\``, String(what)]);
  return ['', '## Codes', '', ...table(['code', 'meaning'], rows)];
}

/** What stands at the head of a generated text: no library that renders OpenAPI or AsyncAPI makes Markdown that GitHub shows. */
export const heading = (title: string, source: string, description: string): string[] => [
  `# ${title}`,
  '',
  `<!-- Made from ${source} by \`npm run docs\`. -->`,
  '',
  `From [${source}](${source}).`,
  '',
  description,
];
