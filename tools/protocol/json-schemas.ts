import * as z from 'zod';
import { components } from './components.ts';
import type { Meanings } from './schemas/component.ts';

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

const names = z.registry<{ id: string }>();
const keywords = z.registry<object>();
for (const [id, component] of Object.entries(components)) {
  names.add(component.schema, { id });
  keywords.add(component.schema, component.keywords ?? {});
}

/** The component that `schema` is. */
export function nameOfSchema(schema: z.ZodType): string {
  const name = names.get(schema)?.id;
  if (name === undefined) throw new Error('a schema of the documents has no name in tools/protocol/components.ts');
  return name;
}

/** All components, made from the schemas that validate what clients send and describe what they get. */
export const schemas: Readonly<Record<string, JsonSchema>> = jsonSchemas();

function jsonSchemas(): Record<string, JsonSchema> {
  const written = z.toJSONSchema(names, {
    io: 'input',
    uri: (id) => `${PREFIX}${id}`,
    metadata: keywords,
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  const made: Record<string, JsonSchema> = JSON.parse(JSON.stringify(written.schemas));
  return Object.fromEntries(
    Object.entries(components).map(([name, { fields = {} }]) => {
      const { $schema: _schema, $id: _id, ...schema } = made[name] ?? {};
      explain(schema, name, fields);
      return [name, schema];
    }),
  );
}

/** Takes out what tells a reader nothing, and what would forbid the fields that a later version adds. */
function tidy(schema: Record<string, unknown>): void {
  for (const keyword of ['readOnly', 'propertyNames', 'contentEncoding']) delete schema[keyword];
  if (schema['additionalProperties'] === false) delete schema['additionalProperties'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  // The format says the same.
  if (schema['format'] !== undefined) delete schema['pattern'];
}

/** Writes the meaning of each field into its schema. */
function explain(schema: JsonSchema, path: string, meanings: Meanings): void {
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    const meaning = meanings[field];
    if (meaning === undefined) throw new Error(`tools/protocol does not say what ${path}.${field} is`);
    const [text, inner] = typeof meaning === 'string' ? [meaning, {}] : meaning;
    property.description = text;
    explain(property.items ?? property, `${path}.${field}`, inner);
  }
}

/** The components that `document` refers to, and those that these refer to. */
export function reachable(document: unknown): Record<string, JsonSchema> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || found.has(name)) continue;
      found.add(name);
      visit(schemas[name]);
    }
  };
  visit(document);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => found.has(name)));
}
