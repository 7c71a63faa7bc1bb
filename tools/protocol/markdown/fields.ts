import { codes } from '../codes.ts';
import { type JsonSchema, reachable, schemas } from '../json-schemas.ts';

const nameIn = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** The heading under which GitHub finds a type. */
const link = (name: string): string => `[${name}](#${name.toLowerCase()})`;

const hasFields = ({ properties = {} }: JsonSchema): boolean => Object.keys(properties).length > 0;

/** What a reader calls a schema: `string`, `true or false`, a link to an object that has a name. */
export function typeText(schema: JsonSchema): string {
  const usual = schema.default === undefined ? [] : [`default \`${String(schema.default)}\``];
  return [kindOf(schema), ...usual].join(', ');
}

function kindOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) {
    const name = nameIn(schema.$ref);
    const target = schemas[name] ?? {};
    return hasFields(target) ? link(name) : typeText(target);
  }
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf && !schema.properties) return schema.anyOf.map((part) => typeText(part)).join(' or ');
  if (schema.items) return `list of ${typeText(schema.items)}`;
  const type = [schema.type ?? 'anything'].flat().join(' or ').replace('boolean', 'true or false');
  return [schema.format === 'date-time' ? 'time' : type, ...limits(schema)].join(', ');
}

function limits({ minimum, maximum, maxLength, pattern }: JsonSchema): string[] {
  const range = maximum === undefined ? `from ${String(minimum)}` : `${String(minimum)} to ${String(maximum)}`;
  return [
    ...(minimum === undefined ? [] : [range]),
    ...(maxLength === undefined ? [] : [`at most ${String(maxLength)} characters`]),
    ...(pattern === undefined ? [] : [`matching \`${pattern}\``]),
  ];
}

/** A row for each field. The fields of an inner object follow it by their path, unless that object has its own name. */
const fieldRows = ({ properties = {}, required = [] }: JsonSchema, path = ''): string[][] =>
  Object.entries(properties).flatMap(([name, schema]) => {
    const inner = schema.items?.properties ? schema.items : schema;
    const here = `${path}${name}`;
    const type = inner.properties ? (schema.items ? 'list of objects' : 'object') : typeText(schema);
    const row = [`\`${here}\``, type, required.includes(name) ? 'yes' : '', schema.description ?? ''];
    return [row, ...fieldRows(inner, `${here}.`)];
  });

/** A table of the fields of an object, or of the parameters of a query. */
export function fieldTable(schema: JsonSchema = {}, kind: 'field' | 'query' = 'field'): string[] {
  const rows = fieldRows(schema);
  return rows.length === 0 ? ['An empty object.'] : table([kind, 'type', 'required', 'what'], rows);
}

/** A table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A block of JSON with a title; a long one is folded. */
export function sample(title: string, value: unknown): string[] {
  const json = JSON.stringify(value, null, 2);
  const block = ['```json', json, '```'];
  return json.split('\n').length > 24
    ? ['', '<details>', `<summary>${title}</summary>`, '', ...block, '', '</details>']
    : ['', `${title}:`, '', ...block];
}

/** What stands above a generated text. No library that renders OpenAPI or AsyncAPI makes Markdown that GitHub can show. */
export const heading = (title: string, source: string, description: string): string[] => [
  `# ${title}`,
  '',
  '<!-- Made by `npm run docs`. -->',
  '',
  `The same for programs: [${source}](${source}).`,
  '',
  description,
];

/** The objects that `document` refers to and that the text above it has not `shown`, and what each code means. */
export const appendix = (document: unknown, shown: ReadonlySet<string>): string[] => [
  '',
  '## Types',
  ...Object.entries(reachable(document))
    .filter(([name, schema]) => hasFields(schema) && !shown.has(name))
    .flatMap(([name, schema]) => ['', `### ${name}`, '', ...fieldTable(schema)]),
  '',
  '## Codes',
  '',
  ...table(
    ['code', 'meaning'],
    Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning]),
  ),
  '',
];
