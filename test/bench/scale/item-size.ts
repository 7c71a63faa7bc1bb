/** The size of an item as DynamoDB bills it, in bytes: names and values, three bytes for a map or list and one for each entry. */
export function itemSize(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  // A byte for two digits, and one for sign and exponent.
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + 1 + sizeOf(entry), 3);
  const entries = Object.entries(value);
  return entries.reduce((sum, [name, entry]) => sum + 1 + Buffer.byteLength(name) + sizeOf(entry), 3);
}
