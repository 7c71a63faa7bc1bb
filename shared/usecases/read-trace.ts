import type { Caller } from '#domain/caller.ts';
import type { TraceEvent, TraceStore } from '#ports/trace.ts';
import { type ReadCallDeps, readCall } from './read-call.ts';

export interface ReadTraceDeps extends ReadCallDeps {
  readonly traces: TraceStore;
}

/** What happened to the rings of a call, in time order, for one of its members or the app's own backend. */
export const readTrace = (deps: ReadTraceDeps) => {
  const read = readCall(deps);
  return async (cid: string, caller: Caller): Promise<TraceEvent[]> => {
    await read(cid, caller);
    return deps.traces.read(cid);
  };
};
