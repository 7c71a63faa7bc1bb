/** The command line asks for what there is not. */
export class UsageError extends Error {}

/** Says what is wrong with the command line, and exits 2; whatever else goes wrong is thrown on. */
export function explain(error: unknown): void {
  const isUsage = error instanceof UsageError || String(Object(error).code).startsWith('ERR_PARSE_ARGS');
  if (!isUsage) throw error;
  process.stderr.write(`${Object(error).message}\n`);
  process.exitCode = 2;
}
