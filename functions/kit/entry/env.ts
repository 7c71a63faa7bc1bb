import type * as z from 'zod';

/** The environment of this function, parsed by its schema. The error names every variable that is missing or wrong. */
export function readEnv<S extends z.ZodObject>(schema: S): z.output<S> {
  // biome-ignore lint/style/noProcessEnv: the one place that reads the environment
  return schema.parse(process.env);
}
