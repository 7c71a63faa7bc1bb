import { readFileSync, writeFileSync } from 'node:fs';
import { asyncApi } from './protocol/asyncapi.ts';
import { restReference } from './protocol/markdown/rest.ts';
import { websocketReference } from './protocol/markdown/websocket.ts';
import { openApi } from './protocol/openapi.ts';
import { scalePage } from './scale/scale-page.ts';

/** Writes docs/protocol and docs/scale.md; with `--check` it writes nothing, and fails where a file is not as it would write it. */

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
const [openapi, asyncapi] = [text(openApi(version)), text(asyncApi(version))];

const files = {
  'docs/protocol/openapi.json': openapi,
  'docs/protocol/asyncapi.json': asyncapi,
  'docs/protocol/rest.md': restReference(JSON.parse(openapi)),
  'docs/protocol/websocket.md': websocketReference(JSON.parse(asyncapi)),
  'docs/scale.md': scalePage(),
};

for (const [path, content] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, content);
  } else if (readFileSync(path, 'utf8') !== content) {
    process.stderr.write(`${path} is not what it is made from says: run npm run docs\n`);
    process.exitCode = 1;
  }
}
