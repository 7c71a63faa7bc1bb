import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApi } from './protocol/asyncapi.ts';
import { restReference } from './protocol/markdown/rest.ts';
import { websocketReference } from './protocol/markdown/websocket.ts';
import { openApi } from './protocol/openapi.ts';
import { scalePage } from './scale/scale-page.ts';

/** Writes docs/protocol and docs/scale.md. With `--check` it writes nothing, and fails if a file is out of date. */

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const json = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
const [openapi, asyncapi] = [openApi(version), asyncApi(version)];

const files = {
  'docs/protocol/openapi.json': json(openapi),
  'docs/protocol/asyncapi.json': json(asyncapi),
  'docs/protocol/rest.md': restReference(openapi),
  'docs/protocol/websocket.md': websocketReference(asyncapi),
  'docs/scale.md': scalePage(),
};

for (const [path, content] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, content);
  } else if (readFileSync(path, 'utf8') !== content) {
    process.stderr.write(`${path} is out of date: run npm run docs\n`);
    process.exitCode = 1;
  }
}
