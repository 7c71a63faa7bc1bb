import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const kept = z.record(z.string(), z.string());

/** What an earlier run has kept in a file, text by name; nothing if there is no such file. */
export async function readKept(file: string): Promise<Record<string, string>> {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (Object(error).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
