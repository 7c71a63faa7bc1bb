import { readFile } from 'node:fs/promises';
import type { Route } from '#kit/http/http.ts';

/** One of the documents that describe this API: it lies beside the bundle and is read when it is asked for. */
export const document = async (name: 'openapi.json' | 'asyncapi.json'): ReturnType<Route['handle']> => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: await readFile(new URL(name, import.meta.url), 'utf8'),
});
