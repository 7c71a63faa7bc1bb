import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { viewerFunction } from '#local/aws/cloudfront/viewer-function.ts';

const ORIGIN = { id: 'console', domainName: 'files.s3.amazonaws.com', path: '', headers: {} };
const run = viewerFunction(readFileSync('infra/edge/console-request.js', 'utf8'), new Map([['console', ORIGIN]]));
const asked = (uri: string) =>
  run({ request: { method: 'GET', uri, querystring: {}, headers: {}, cookies: {} } }, ORIGIN);
const PAGE = '/console/index.html';

it.each([
  ['/console/', PAGE],
  ['/console/calls/default/a-1', PAGE],
  // Ids may look like files, and even like files that are there.
  ['/console/users/alice@example.com', PAGE],
  ['/console/users/style.css', PAGE],
  ['/console/users/assets/x', PAGE],
  ['/console/assets/index-12345678.js', '/console/assets/index-12345678.js'],
  ['/console/stage.json', '/console/stage.json'],
  ['/console/runbook.txt', '/console/runbook.txt'],
  ['/console/icon.svg', '/console/icon.svg'],
])('%s leads to the file %s', (uri, file) => {
  expect(asked(uri)).toMatchObject({ kind: 'request', request: { uri: file } });
});

it('/console leads to /console/', () => {
  expect(asked('/console')).toMatchObject({
    kind: 'response',
    response: { statusCode: 301, headers: { location: { value: '/console/' } } },
  });
});
