import { z } from 'zod';

/** What one value may be: this very value, or a text that begins so. */
const choice = z.union([z.string(), z.number(), z.boolean(), z.null(), z.strictObject({ prefix: z.string() })]);

/** An event pattern of AWS, as far as our templates use its language. */
export type Pattern = { readonly [field: string]: Pattern | readonly z.output<typeof choice>[] };

/** Checks a pattern: what the local stack does not support is refused. */
export const eventPattern: z.ZodType<Pattern> = z.lazy(() =>
  z.record(z.string(), z.union([z.array(choice).min(1), eventPattern])),
);

/** Whether an event has every field of the pattern, each with a value that the pattern allows. */
export function matches(pattern: Pattern, event: unknown): boolean {
  const fields = new Map<string, unknown>(Object.entries(Object(event)));
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = fields.get(field);
    if (!isChoices(wanted)) return matches(wanted, value);
    return [value].flat().some((each) => wanted.some((allowed) => allows(allowed, each)));
  });
}

const isChoices = (wanted: Pattern[string]): wanted is readonly z.output<typeof choice>[] => Array.isArray(wanted);

const allows = (allowed: z.output<typeof choice>, value: unknown): boolean =>
  typeof allowed === 'object' && allowed !== null
    ? typeof value === 'string' && value.startsWith(allowed.prefix)
    : allowed === value;
