import { z } from 'zod';

/** What is wrong with a secret, in words that never contain a value of it. */
export function faultsOf(error: unknown): string {
  // The message of JSON.parse quotes the text, which is secret.
  if (error instanceof SyntaxError) return 'it is not JSON';
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
  return error instanceof Error ? error.message : String(error);
}
