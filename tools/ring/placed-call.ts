import { z } from 'zod';
import { ask, Refused, type Stack } from './stack.ts';
import type { TraceEvent } from './trace-line.ts';

/** Whom to ring, and how. */
export interface CallRequest {
  readonly from: string;
  readonly to: string;
  readonly video: boolean;
  readonly ringMs: number;
}

/** A call that this tool has placed on behalf of `from`. */
export interface PlacedCall {
  readonly look: () => Promise<Look>;
  /** Ends the call, in whatever state it is. */
  readonly hangUp: () => Promise<void>;
}

/** The state of a call, and its trace so far. */
export interface Look {
  readonly status: string;
  readonly trace: readonly TraceEvent[];
  readonly verdict?: string | undefined;
}

const callAnswer = z.object({ call: z.object({ status: z.string() }) });
const traceAnswer = z.object({
  verdict: z.string().optional(),
  trace: z.array(z.looseObject({ at: z.string(), event: z.string() })),
});

/** Places a call with this id, and rings. */
export async function placeCall(
  stack: Stack,
  id: string,
  { from, to, video, ringMs }: CallRequest,
): Promise<PlacedCall> {
  const path = `/api/v2/video/call/default/${id}`;
  const onTheirBehalf = `?user_id=${encodeURIComponent(from)}`;
  await ask(stack, callAnswer, {
    method: 'POST',
    path: `${path}${onTheirBehalf}`,
    body: {
      members: [{ user_id: to }],
      ring: true,
      video,
      settings_override: { ring: { auto_cancel_timeout_ms: ringMs } },
    },
  });
  return {
    look: async () => {
      // The call first: if it has ended, the trace read after it, or at the next look, has the events of its end.
      const { call } = await ask(stack, callAnswer, { method: 'GET', path });
      return { status: call.status, ...(await ask(stack, traceAnswer, { method: 'GET', path: `${path}/trace` })) };
    },
    hangUp: async () => {
      try {
        await ask(stack, callAnswer, { method: 'POST', path: `${path}/mark_ended${onTheirBehalf}`, body: {} });
      } catch (error) {
        // The other side hung up first.
        if (!(error instanceof Refused && error.code === 'call_ended')) throw error;
      }
    },
  };
}
