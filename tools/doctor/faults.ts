import { z } from 'zod';

/** What is wrong with a secret, in words that never hold a value of it. */
export function faultsOf(error: unknown): string {
  // JSON.parse quotes the text in its message, and the text is a secret.
  if (error instanceof SyntaxError) return 'it is not JSON';
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
  return error instanceof Error ? error.message : String(error);
}
