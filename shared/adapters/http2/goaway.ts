import { constants } from 'node:http2';
import * as z from 'zod';
import { jsonOf } from '#wire/json.ts';

const goaway = z.object({ reason: z.string() });

/** The reason that a GOAWAY gives: the one in its JSON, as APNs sends it, or else its code. */
export function goawayReason(code: number, data: Uint8Array | undefined): string {
  const parsed = goaway.safeParse(jsonOf(Buffer.from(data ?? []).toString()));
  if (parsed.success) return parsed.data.reason;
  return code === constants.NGHTTP2_NO_ERROR ? 'GOAWAY' : `GOAWAY ${code}`;
}
