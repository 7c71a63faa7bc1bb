import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bucketContents } from '#local/aws/s3/bucket-contents.ts';
import { bucketHost } from '#local/aws/s3/bucket-host.ts';
import type { Assembly, Resource } from '#local/aws/template/assembly.ts';
import { templateReader } from '#local/aws/template/template.ts';

const directory = mkdtempSync(join(tmpdir(), 'carillon-bucket-'));
afterAll(() => rmSync(directory, { recursive: true }));
for (const [file, content] of Object.entries({
  'build/index.html': '<!doctype html>',
  'build/assets/a-1234.js': 'go()',
  'stage/stage.json': '{"region":"<<marker:0>>","name":"<<marker:1>>"}',
})) {
  mkdirSync(join(directory, file, '..'), { recursive: true });
  writeFileSync(join(directory, file), content);
}

const deployment = (id: string, properties: object): Resource => ({
  stack: 'Edge',
  id,
  type: 'Custom::CDKBucketDeployment',
  properties: { DestinationBucketName: { Ref: 'Files' }, DestinationBucketKeyPrefix: 'console', ...properties },
});
const assembly: Assembly = {
  resources: [
    { stack: 'Edge', id: 'Files', type: 'AWS::S3::Bucket', properties: {} },
    deployment('Hashed', {
      SourceObjectKeys: ['build'],
      Exclude: ['*'],
      Include: ['assets/*'],
      SystemMetadata: { 'cache-control': 'immutable' },
    }),
    deployment('Page', {
      SourceObjectKeys: ['build', 'stage'],
      SourceMarkers: [{}, { '<<marker:0>>': { Ref: 'AWS::Region' }, '<<marker:1>>': 'a "b"' }],
      SourceMarkersConfig: [{}, { jsonEscape: true }],
      Exclude: ['assets/*'],
      SystemMetadata: { 'cache-control': 'no-cache' },
    }),
  ],
  exports: new Map(),
  assetDirectory: (key) => join(directory, key),
};
const find = templateReader(assembly, { region: 'eu-central-1', internalUrl: 'http://127.0.0.1' });
const contents = await bucketContents(find, assembly, 'files');

describe('a bucket', () => {
  it('has the files that the template deploys, each with the headers of its deployment', () => {
    expect(Object.fromEntries([...contents].map(([key, { headers }]) => [key, headers]))).toEqual({
      'console/assets/a-1234.js': { 'cache-control': 'immutable', 'content-type': 'text/javascript' },
      'console/index.html': { 'cache-control': 'no-cache', 'content-type': 'text/html' },
      'console/stage.json': { 'cache-control': 'no-cache', 'content-type': 'application/json' },
    });
  });

  it('has the values that only a deployment knows, as JSON where that is said', () => {
    const { body } = contents.get('console/stage.json') ?? {};
    expect(JSON.parse(String(body))).toEqual({ region: 'eu-central-1', name: 'a "b"' });
  });

  it('answers with a file, with nothing if it is known already, and says of a missing one that access is denied', async () => {
    const host = bucketHost(contents);
    const ask = (url: string, headers = {}) => {
      const request = new IncomingMessage(new Socket());
      return host.answer(Object.assign(request, { url, method: 'GET', headers }));
    };
    const page = await ask('/console/index.html?x=1');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' } });
    expect(String(page.body)).toBe('<!doctype html>');
    expect(await ask('/console/index.html', { 'if-none-match': page.headers['etag'] })).toMatchObject({ status: 304 });
    expect(await ask('/console/nothing.js')).toMatchObject({ status: 403 });
  });
});
