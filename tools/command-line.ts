import { type ParseArgsConfig, parseArgs } from 'node:util';
import { z } from 'zod';

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

/** A number of `units`, as plain decimal digits. */
export const numberOf = (units: string, least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,9})?$/, `must be a number of ${units}`)
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least} ${units}`).max(most, `must be at most ${most} ${units}`));

/** The options that were given, checked by their schema. */
export function checked<S extends z.ZodType>(schema: S, given: object): z.output<S> {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => ({ name: path.join('.'), message }));
  // What is wrong with an option twice is said once.
  const said = faults.filter(({ name }, i) => faults.findIndex((one) => one.name === name) === i);
  throw new UsageError(said.map(({ name, message }) => `--${name}: ${message}`).join('; '));
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
