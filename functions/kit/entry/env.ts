import type * as z from 'zod';

/** The environment of this function, parsed by its schema. The error names every variable that is missing or wrong. */
export function readEnv<Schema extends z.ZodObject>(schema: () => Schema): z.output<Schema> {
  // biome-ignore lint/style/noProcessEnv: the one place that reads the environment
  return schema().parse(process.env);
}
