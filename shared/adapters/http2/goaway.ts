import { constants } from 'node:http2';
import * as z from 'zod';

const told = z.object({ reason: z.string() });

/** What a GOAWAY says of itself: the reason in its JSON, as APNs gives it, or its code. */
export function goawayReason(code: number, data: Uint8Array | undefined): string {
  const parsed = told.safeParse(jsonOf(data));
  if (parsed.success) return parsed.data.reason;
  return code === constants.NGHTTP2_NO_ERROR ? 'GOAWAY' : `GOAWAY ${code}`;
}

function jsonOf(data: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(data ?? []).toString());
  } catch {
    return undefined;
  }
}
