import * as z from 'zod';
import type { Push } from '#ports/push-sender.ts';
import { nativePush } from './native/payload.ts';
import { streamPush } from './stream/payload.ts';

/** The payload formats by their names in the secret `push-providers`: each turns a push into flat keys, every value a string. */
const FORMATS = { carillon: nativePush, stream: streamPush } as const satisfies Record<
  string,
  (push: Push, receiverId: string) => Readonly<Record<string, string>>
>;

/** The name of a payload format. */
export const pushFormat = z.enum(['carillon', 'stream'] as const satisfies readonly (keyof typeof FORMATS)[]);

export type PushFormat = z.infer<typeof pushFormat>;

/** The keys of a push in a provider's payload format; `receiverId` is the user whom it is for. */
export const pushKeys = (
  format: PushFormat | undefined,
  push: Push,
  receiverId: string,
): Readonly<Record<string, string>> => FORMATS[format ?? 'carillon'](push, receiverId);
