import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApi } from './protocol/asyncapi.ts';
import { openApi } from './protocol/openapi.ts';

/** Writes the documents of the protocol; with `--check` it only compares them with what is there. */

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const files = {
  'openapi.json': `${JSON.stringify(openApi(version), null, 2)}\n`,
  'asyncapi.json': `${JSON.stringify(asyncApi(version), null, 2)}\n`,
};
for (const [name, text] of Object.entries(files)) writeFileSync(`docs/protocol/${name}`, text);
