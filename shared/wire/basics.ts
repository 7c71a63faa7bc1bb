import * as z from 'zod';

/** A moment: ISO 8601, UTC, milliseconds. */
export const moment = z.iso.datetime({ precision: 3 });

/** A user as others see them. */
export const person = z.strictObject({
  id: z.string(),
  name: z.string().exactOptional(),
  image: z.string().exactOptional(),
});

/** A bearer JWT. */
export const jwt = z.string();
