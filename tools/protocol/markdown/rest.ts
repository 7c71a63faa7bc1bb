import type { JsonSchema } from '../json-schemas.ts';
import {
  codesChapter,
  fieldTable,
  heading,
  named,
  type Schemas,
  sample,
  table,
  typesChapter,
  typeText,
} from './fields.ts';

interface Content {
  readonly schema: JsonSchema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value?: unknown }>>;
}

type Contents = Readonly<Record<string, Content>>;

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

interface Response {
  readonly $ref?: string;
  readonly description: string;
  readonly content?: Contents;
}

interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Contents };
  readonly responses: Readonly<Record<string, Response>>;
}

/** What is read of an OpenAPI document. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

const JSON_TYPE = 'application/json';

/** The REST API to read. */
export function restReference(document: OpenApi): string {
  const { info, tags, components } = document;
  const schemas = components.schemas;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ request: `${method.toUpperCase()} ${path}`, operation })),
  );
  const of = (tag: string) => operations.filter(({ operation }) => operation.tags.includes(tag));
  const all = tags.flatMap(({ name }) => of(name));
  const bodies = all.flatMap(({ operation }) => operation.requestBody?.content[JSON_TYPE]?.schema.$ref ?? []);
  return [
    ...heading('REST API', 'openapi.json', info.description),
    '',
    ...table(
      ['request', 'what'],
      all.map(({ request, operation }) => [`[\`${request}\`](#${anchor(operation.summary)})`, operation.summary]),
    ),
    ...tags.flatMap(({ name, description }) => [
      '',
      `## ${name}`,
      '',
      description,
      ...of(name).flatMap(({ request, operation }) => ['', ...chapter(schemas, request, operation)]),
    ]),
    '',
    ...typesChapter(schemas, new Set(bodies.map((ref) => ref.slice(ref.lastIndexOf('/') + 1)))),
    ...codesChapter(schemas),
    '',
  ].join('\n');
}

/** The name that GitHub gives a heading. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

function chapter(schemas: Schemas, request: string, operation: Operation): string[] {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const query = parameters.filter((parameter) => parameter.in === 'query');
  return [
    `### ${summary}`,
    '',
    `\`${request}\``,
    '',
    description,
    ...(query.length > 0 ? ['', ...parameterTable(schemas, query)] : []),
    ...(requestBody ? body(schemas, requestBody.content[JSON_TYPE]) : []),
    ...answers(schemas, responses),
    '',
    `Refused with: ${refusals(responses)}.`,
  ];
}

const parameterTable = (schemas: Schemas, parameters: readonly Parameter[]): string[] =>
  table(
    ['query', 'type', 'required', 'what'],
    parameters.map(({ name, schema, required, description }) => [
      `\`${name}\``,
      typeText(schemas, schema),
      required ? 'yes' : '',
      description,
    ]),
  );

function body(schemas: Schemas, content: Content | undefined): string[] {
  if (!content) return [];
  return [
    '',
    ...fieldTable(schemas, named(schemas, content.schema)),
    ...Object.values(content.examples ?? {}).flatMap(({ summary, value }) => sample(`Example, ${summary}`, value)),
  ];
}

const answers = (schemas: Schemas, responses: Operation['responses']): string[] =>
  Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, { description, content }]) => {
      const { schema, example } = content?.[JSON_TYPE] ?? {};
      if (!schema) return ['', `\`${status}\`: ${description}`];
      const title = `\`${status}\`, ${typeText(schemas, schema)}: ${description}`;
      return ['', title, ...sample(`Example of a ${status}`, example)];
    });

const refusals = (responses: Operation['responses']): string =>
  Object.entries(responses)
    .filter(([status]) => !status.startsWith('2'))
    .map(([status, { $ref = '' }]) => {
      const [, ...codes] = $ref.slice($ref.lastIndexOf('/') + 1).split('.');
      return [status, codes.map((code) => `\`${code}\``).join(', ')].filter(Boolean).join(' ');
    })
    .join(' · ');
