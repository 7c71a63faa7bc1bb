import type { EpochMs } from '#domain/time.ts';

/** One thing that happened to a ring: why a phone rang, or why it did not. */
export interface TraceEvent {
  readonly at: EpochMs;
  readonly event: string;
  readonly userId?: string;
  /** More of it; what tells devices apart stands under `device`, `connection_id` and `hardware_id`. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** The ring traces: written beside the work, never in front of it. */
export interface TraceStore {
  /** Writes one row with all of `events`. */
  write(cid: string, events: readonly TraceEvent[]): Promise<void>;
  /** Writes a row with one event unless there is one of that name already: then false. */
  writeOnce(cid: string, name: string, event: TraceEvent): Promise<boolean>;
  /** All events of a call in time order. */
  read(cid: string): Promise<TraceEvent[]>;
}
