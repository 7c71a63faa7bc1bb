import { z } from 'zod';
import { ask, Refused, type Stack } from './stack.ts';
import type { TraceEvent } from './trace-line.ts';

/** Whom to ring, and how. */
export interface Wish {
  readonly from: string;
  readonly to: string;
  readonly video: boolean;
  readonly ringMs: number;
}

/** A call that this tool has placed in the name of `from`. */
export interface PlacedCall {
  readonly look: () => Promise<Look>;
  /** Ends the call, however it stands. */
  readonly hangUp: () => Promise<void>;
}

/** How a call stands, and what its trace has so far. */
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

/** Rings, as a call with this id. */
export async function placeCall(stack: Stack, id: string, { from, to, video, ringMs }: Wish): Promise<PlacedCall> {
  const path = `/api/v2/video/call/default/${id}`;
  const inTheirName = `?user_id=${encodeURIComponent(from)}`;
  await ask(stack, callAnswer, 'POST', `${path}${inTheirName}`, {
    members: [{ user_id: to }],
    ring: true,
    video,
    settings_override: { ring: { auto_cancel_timeout_ms: ringMs } },
  });
  return {
    look: async () => {
      // The call first: whatever its end has left in the trace is then read with it, or at the next look.
      const { call } = await ask(stack, callAnswer, 'GET', path);
      return { status: call.status, ...(await ask(stack, traceAnswer, 'GET', `${path}/trace`)) };
    },
    hangUp: async () => {
      try {
        await ask(stack, callAnswer, 'POST', `${path}/mark_ended${inTheirName}`, {});
      } catch (error) {
        // The other side was quicker.
        if (!(error instanceof Refused && error.code === 'call_ended')) throw error;
      }
    },
  };
}
