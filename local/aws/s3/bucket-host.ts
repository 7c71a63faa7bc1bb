import { createHash } from 'node:crypto';
import { type HttpHost, httpApiHost } from '../gateway/http-host.ts';
import type { StoredObject } from './bucket-contents.ts';

/** A private bucket as the distribution reaches it. Who may not list it is told of a missing file that access is denied. */
export const bucketHost = (contents: ReadonlyMap<string, StoredObject>): HttpHost =>
  httpApiHost(async ({ url = '/', method, headers: asked }) => {
    const found = contents.get(keyOf(url));
    if (!found) {
      const body = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>';
      return { status: 403, headers: { 'content-type': 'application/xml' }, body };
    }
    const etag = `"${createHash('md5').update(found.body).digest('hex')}"`;
    const headers = { ...found.headers, etag };
    if (asked['if-none-match'] === etag) return { status: 304, headers, body: '' };
    return { status: 200, headers, body: method === 'HEAD' ? '' : found.body };
  });

function keyOf(url: string): string {
  const path = url.split('?')[0]?.slice(1) ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
