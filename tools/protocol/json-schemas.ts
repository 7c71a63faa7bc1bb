import * as z from 'zod';
import { componentNotes, components } from './components.ts';
import { glossary } from './glossary.ts';

/** A JSON Schema, as far as the documents look into it. */
export interface JsonSchema {
  [keyword: string]: unknown;
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
}

const PREFIX = '#/components/schemas/';

/** Where a document has a component. */
export const refTo = (name: string): { $ref: string } => ({ $ref: `${PREFIX}${name}` });

const nameOf = new Map(Object.entries(components).map(([name, schema]) => [schema, name]));

/** The component that `schema` is. */
export function nameOfSchema(schema: z.ZodType): string {
  const name = nameOf.get(schema);
  if (name === undefined) throw new Error('a schema of the documents has no name in tools/protocol/components.ts');
  return name;
}

/** All components, made from the schemas that validate: what a client may send, and what it gets. */
export function jsonSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `${PREFIX}${id}` });
  const made: Record<string, JsonSchema> = JSON.parse(JSON.stringify(schemas));
  return Object.fromEntries(Object.keys(components).map((name) => [name, finished(name, made[name] ?? {})]));
}

function finished(name: string, schema: JsonSchema): JsonSchema {
  tidy(schema);
  explain(name, schema);
  return { ...schema, ...componentNotes[name] };
}

const SAYS_NOTHING = ['$schema', '$id', 'readOnly', 'propertyNames', 'contentEncoding'];

/** Takes out what says nothing to a reader, and what would forbid the fields that a later version adds. */
function tidy(schema: JsonSchema): void {
  for (const keyword of SAYS_NOTHING) delete schema[keyword];
  if (schema['additionalProperties'] === false) delete schema['additionalProperties'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  // The format says it.
  if (schema.format !== undefined) delete schema.pattern;
  for (const part of parts(schema)) tidy(part);
}

const parts = ({ properties = {}, items, anyOf = [] }: JsonSchema): JsonSchema[] => [
  ...Object.values(properties),
  ...(items ? [items] : []),
  ...anyOf,
];

/** Gives every field its meaning. */
function explain(component: string, schema: JsonSchema): void {
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const meaning = glossary[`${component}.${field}`] ?? glossary[field];
    if (meaning === undefined) throw new Error(`tools/protocol/glossary.ts does not say what ${component}.${field} is`);
    property.description = meaning;
  }
  for (const part of parts(schema)) explain(component, part);
}

/** Those of `all` that `document` refers to, and those that these refer to. */
export function reachable(document: unknown, all: Record<string, JsonSchema>): Record<string, JsonSchema> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || found.has(name)) continue;
      found.add(name);
      visit(all[name]);
    }
  };
  visit(document);
  return Object.fromEntries(Object.entries(all).filter(([name]) => found.has(name)));
}
