import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';

/** Deflated JSON, because a row is billed by the kilobyte. */
export const packed = (value: unknown): Uint8Array => deflateRawSync(JSON.stringify(value));

/** An attribute that `packed` made of a value of this schema. */
export const packedOf = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .instanceof(Uint8Array)
    .transform((bytes): unknown => JSON.parse(inflateRawSync(bytes).toString()))
    .pipe(schema);
