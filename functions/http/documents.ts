import { readFile } from 'node:fs/promises';
import type { Reply } from '#kit/http/reply.ts';

/** One of the documents that describe this API. It lies beside the bundle and is read when somebody asks for it. */
export const document = async (name: 'openapi.json' | 'asyncapi.json'): Promise<Reply> => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: await readFile(new URL(name, import.meta.url), 'utf8'),
});
