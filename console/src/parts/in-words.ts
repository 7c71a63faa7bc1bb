/** What a table has for a code, if it has the code. */
export const entryOf = <Entry>(table: Readonly<Record<string, Entry>>, code: string): Entry | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

/** A code in the words of a table; those that it does not have as they are. */
export const inWords = (table: Readonly<Record<string, string>>, code = ''): string => entryOf(table, code) ?? code;
