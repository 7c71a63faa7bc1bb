import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';

/**
 * Writes the client's types of what is on the wire, from the two documents in docs/protocol. With `--check` it writes
 * nothing, and fails if they are out of date.
 */

const TARGET = 'client/src/wire.ts';
const DOCUMENTS = ['docs/protocol/openapi.json', 'docs/protocol/asyncapi.json'];
const HEAD = '// Made by `npm run docs` from openapi.json and asyncapi.json.\n\n';

/** The schemas of both documents, by name. A name means the same in each of them. */
function allSchemas(): Record<string, object> {
  const all: Record<string, object> = {};
  for (const path of DOCUMENTS) {
    const { components } = JSON.parse(readFileSync(path, 'utf8'));
    for (const [name, schema] of Object.entries<object>(components.schemas)) {
      const known = all[name];
      if (known && !isDeepStrictEqual(known, schema)) throw new Error(`${name} is not the same in both documents`);
      all[name] = schema;
    }
  }
  return all;
}

/** Without an `anyOf` that only says which fields must be there: a type of TypeScript that has them all is enough. */
const typed = (schema: object): object => {
  const { anyOf, ...rest }: { anyOf?: object[] } = { ...schema };
  return anyOf?.every((one) => Object.keys(one).join() === 'required') ? rest : schema;
};

const document = {
  openapi: '3.1.0',
  info: { title: 'Carillon', version: '1' },
  paths: {},
  components: {
    schemas: Object.fromEntries(Object.entries(allSchemas()).map(([name, schema]) => [name, typed(schema)])),
  },
};
const options = { rootTypes: true, rootTypesNoSchemaPrefix: true, defaultNonNullable: false, alphabetize: true };
const types =
  HEAD +
  astToString(await openapiTS(JSON.stringify(document), options))
    .replaceAll('@description ', '')
    .replaceAll(/^ *\* @constant\n/gm, '');

if (!process.argv.includes('--check')) writeFileSync(TARGET, types);
else if (readFileSync(TARGET, 'utf8') !== types) {
  process.stderr.write(`${TARGET} is out of date: run npm run docs\n`);
  process.exitCode = 1;
}
