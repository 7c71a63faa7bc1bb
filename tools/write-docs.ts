import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApi } from './protocol/asyncapi.ts';
import { restReference } from './protocol/markdown/rest.ts';
import { websocketReference } from './protocol/markdown/websocket.ts';
import { openApi } from './protocol/openapi.ts';

/** Writes docs/protocol; with `--check` it writes nothing, and fails where a file is not as it would write it. */

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
const [openapi, asyncapi] = [text(openApi(version)), text(asyncApi(version))];

const files = {
  'openapi.json': openapi,
  'asyncapi.json': asyncapi,
  'rest.md': restReference(JSON.parse(openapi)),
  'websocket.md': websocketReference(JSON.parse(asyncapi)),
};

for (const [name, content] of Object.entries(files)) {
  const path = `docs/protocol/${name}`;
  if (!process.argv.includes('--check')) {
    writeFileSync(path, content);
  } else if (readFileSync(path, 'utf8') !== content) {
    process.stderr.write(`${path} is not what the schemas say: run npm run docs\n`);
    process.exitCode = 1;
  }
}
