import type * as z from 'zod';

/** What a field means. A field that is an object without a name of its own has a pair: what it is, and its own fields. */
export type Meaning = string | readonly [string, Meanings];

export interface Meanings {
  readonly [field: string]: Meaning;
}

/** A meaning for each field of `Schema`: without one of them it does not compile. */
export type FieldsOf<Schema extends z.ZodType> = {
  readonly [Field in keyof z.input<Schema>]-?: Meaning;
};

/** A schema that has a name in the documents. */
export interface Component {
  readonly schema: z.ZodType;
  readonly fields?: Meanings;
  /** Keywords that zod does not write by itself. */
  readonly keywords?: object;
}

/** A message as it is sent. */
export type Example = Readonly<Record<string, unknown>>;

export type Components = Readonly<Record<string, Component>>;

/** An object, and what its fields mean. */
export const described = <Schema extends z.ZodType>(schema: Schema, fields: NoInfer<FieldsOf<Schema>>): Component => ({
  schema,
  fields,
});

/** `call.ring` and `Event`: `CallRingEvent`. */
export const componentName = (type: string, kind: string): string =>
  `${type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}${kind}`;
