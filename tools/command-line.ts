import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { z } from 'zod';

/** What is wrong with the options, for whoever typed them. */
export class UsageError extends Error {}

/** Reads the options of a command line. */
export function optionsOf<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The options that were given, checked by their schema. */
export function checked<S extends z.ZodType>(schema: S, given: object): z.output<S> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  throw new UsageError(read.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '));
}

/** Runs a tool. Wrong options end it with code 2 and the usage, any other error with code 1. */
export async function runTool(usage: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${isUsage ? `\n${usage}\n` : ''}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}
