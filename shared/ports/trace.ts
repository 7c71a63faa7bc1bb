import type { EpochMs } from '#domain/time.ts';

/** One event of a ring, which helps to explain why a phone rang or did not. */
export interface TraceEvent {
  readonly at: EpochMs;
  readonly event: string;
  readonly userId?: string;
  /** Further facts. What tells handsets apart is in `device`, `connection_id` and `hardware_id`. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** The ring traces. They are written beside the work and never hold it up. */
export interface TraceStore {
  /** Writes all `events` in one row. */
  write(cid: string, events: readonly TraceEvent[]): Promise<void>;
  /** Writes one event in a row of this name; false if there is such a row already. */
  writeOnce(cid: string, name: string, event: TraceEvent): Promise<boolean>;
  /** All events of a call, in the order of time. */
  read(cid: string): Promise<TraceEvent[]>;
}
