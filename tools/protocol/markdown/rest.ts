import { nameOfSchema, refTo, schemas } from '../json-schemas.ts';
import { inWords, REST_DESCRIPTION } from '../openapi.ts';
import { grouped } from '../refusals.ts';
import { chapters, type Documented, documented } from '../rest/chapters.ts';
import type { Answer } from '../rest/described.ts';
import { appendix, fieldTable, heading, sample, table, typeText } from './fields.ts';

/** The REST API for people; `openapi` is the same for programs. */
export function restReference(openapi: object): string {
  const bodies = documented.flatMap(({ operation }) => (operation.body ? nameOfSchema(operation.body()) : []));
  return [
    ...heading('REST API', 'openapi.json', REST_DESCRIPTION),
    '',
    ...table(
      ['request', 'what'],
      documented.map((one) => [`[\`${requestOf(one)}\`](#${anchor(one.summary)})`, one.summary]),
    ),
    ...chapters.flatMap(({ name, description }) => [
      '',
      `## ${name}`,
      '',
      description,
      ...documented.filter(({ chapter }) => chapter === name).flatMap(operationText),
    ]),
    ...appendix(openapi, new Set(bodies)),
  ].join('\n');
}

const requestOf = ({ operation: { method, path } }: Documented): string => `${method} ${path}`;

/** The name that GitHub gives a heading. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

function operationText(one: Documented): string[] {
  const { body, query } = one.operation;
  return [
    '',
    `### ${one.summary}`,
    '',
    `\`${requestOf(one)}\``,
    '',
    inWords(one),
    ...(query ? ['', ...fieldTable(schemas[nameOfSchema(query())], 'query')] : []),
    ...(body ? ['', ...fieldTable(schemas[nameOfSchema(body())])] : []),
    ...Object.entries(one.examples ?? {}).flatMap(([name, value]) => sample(`Example, ${name}`, value)),
    ...Object.entries(one.answers).flatMap(([status, answer]) => answerText(status, answer)),
    '',
    `Refused with: ${refusals(one)}.`,
  ];
}

function answerText(status: string, { description, schema, example }: Answer): string[] {
  if (!schema) return ['', `\`${status}\`: ${description}`];
  const type = typeText(refTo(nameOfSchema(schema)));
  return ['', `\`${status}\`, ${type}: ${description}`, ...sample(`Example of a ${status}`, example)];
}

const refusals = (one: Documented): string =>
  grouped(one.refusals)
    .map(({ status, here }) => [status, here.map((code) => `\`${code}\``).join(', ')].filter(Boolean).join(' '))
    .join(' · ');
