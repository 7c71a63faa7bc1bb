import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';

/** JSON, deflated: a row is billed by each kilobyte that it starts. */
export const packed = (value: unknown): Uint8Array => deflateRawSync(JSON.stringify(value));

/** An attribute that holds what `packed` made of something of this schema. */
export const packedOf = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .instanceof(Uint8Array)
    .transform((bytes): unknown => JSON.parse(inflateRawSync(bytes).toString()))
    .pipe(schema);
