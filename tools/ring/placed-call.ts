import { z } from 'zod';
import { Carillon, CarillonError } from '#client/index.ts';
import { ask, type RingingStack, refused } from './stack.ts';
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
  readonly hangUp: () => Promise<unknown>;
  /** Closes the connection of `from`. */
  readonly close: () => void;
}

/** The state of a call, and its trace so far. */
export interface Look {
  readonly status: string;
  readonly trace: readonly TraceEvent[];
  readonly verdict?: string | undefined;
}

const connectAnswer = z.object({ connection: z.object({ url: z.string() }) });
const traceAnswer = z.object({
  verdict: z.string().optional(),
  trace: z.array(z.looseObject({ at: z.string(), event: z.string() })),
});

/** Places a call with this id, as an app does, and rings. */
export async function placeCall(
  stack: RingingStack,
  id: string,
  { from, to, video, ringMs: timeoutMs }: CallRequest,
): Promise<PlacedCall> {
  const { url } = stack;
  const token = await stack.tokenOf(from);
  // Without an edge the WebSocket has an address of its own.
  const { connection } = await ask({ url, token }, connectAnswer, {
    method: 'POST',
    path: '/api/v2/connect',
    body: {},
  });
  const carillon = new Carillon({ url, socketUrl: connection.url, token });
  try {
    await carillon.connect();
    const call = await carillon.ring([to], { id, video, timeoutMs });
    const trace = { method: 'GET', path: `/api/v2/video/call/default/${id}/trace` };
    return {
      // The state first: if the call has ended, the trace read after it, or at the next look, has the events of its end.
      look: async () => ({ status: call.status, ...(await ask(stack, traceAnswer, trace)) }),
      hangUp: () => call.hangUp(),
      close: () => carillon.close(),
    };
  } catch (error) {
    carillon.close();
    throw error instanceof CarillonError ? new Error(refused(url, `${error.message} (${error.code})`)) : error;
  }
}
