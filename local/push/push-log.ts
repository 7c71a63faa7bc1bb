const KEPT_PER_TOKEN = 1000;
const KEPT_LATEST = 100;
const KEPT_VIOLATIONS = 1000;
/** Nobody waits for a push longer than this. */
const PATIENCE_MS = 10_000;

/** The service that received a request. `apns-sandbox` is Apple's development environment, `webpush` the push service of browsers. */
export type PushProvider = 'fcm' | 'apns' | 'apns-sandbox' | 'webpush';

/** One request for one token, as a fake received it. */
export interface PushRecord {
  /** When it arrived, ISO 8601. */
  readonly at: string;
  /** The same moment on the machine's monotonic clock, in fractional ms: every process here can compare it with `process.hrtime`. */
  readonly monotonic_ms: number;
  readonly provider: PushProvider;
  readonly path: string;
  /** Lower-case names. Of `authorization` only the scheme is kept, but for Web Push. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, or the text itself if it is not JSON; of Web Push what the browser decrypts, or null if it cannot. */
  readonly body: unknown;
  /** Web Push: the body as it came, as base64. */
  readonly raw?: string;
  /** The status of the answer, which a scripted delay may hold back. 0 if the sender got no answer, or may not have read it before the connection was cut. */
  status: number;
  /** When it reached the phone, ISO 8601. Absent if it has not, or never will. */
  delivered_at?: string;
}

/** One request that broke a rule of Apple's, Google's or of the standards of Web Push. */
export interface Violation {
  readonly at: string;
  readonly provider: PushProvider;
  readonly rule: string;
  readonly detail: string;
}

/** What the fakes remember of the requests they received. */
export interface PushLog {
  /** The latest 1000 of a token, newest last. */
  pushes(token: string): PushRecord[];
  /** The latest 100 of all tokens, newest last. */
  latest(): PushRecord[];
  /** Resolves once there are `atLeast` requests for a token, at the latest after ten seconds. */
  arrived(token: string, atLeast: number): Promise<void>;
  /** Forgets the requests for a token. */
  forget(token: string): void;
  violations(): Violation[];
  add(token: string, record: PushRecord): void;
  addViolation(violation: Violation): void;
}

/** Opens an empty log. */
export function openPushLog(): PushLog {
  const records = new Map<string, PushRecord[]>();
  const latest: PushRecord[] = [];
  const violations: Violation[] = [];
  const waiting = new Set<() => void>();
  const count = (token: string): number => records.get(token)?.length ?? 0;
  return {
    pushes: (token) => [...(records.get(token) ?? [])],
    latest: () => [...latest],
    arrived: (token, atLeast) => until(waiting, () => count(token) >= atLeast),
    forget(token) {
      const forgotten = new Set(records.get(token));
      records.delete(token);
      latest.splice(0, latest.length, ...latest.filter((record) => !forgotten.has(record)));
    },
    violations: () => [...violations],
    add(token, record) {
      const ofToken = records.get(token) ?? [];
      records.set(token, ofToken);
      append(ofToken, record, KEPT_PER_TOKEN);
      append(latest, record, KEPT_LATEST);
      for (const look of waiting) look();
    },
    addViolation: (violation) => append(violations, violation, KEPT_VIOLATIONS),
  };
}

/** Resolves once `isTrue` says so, which is asked whenever `waiting` is called, or when the time is up. */
function until(waiting: Set<() => void>, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      waiting.delete(look);
      resolve();
    };
    const look = (): void => {
      if (isTrue()) done();
    };
    const timer = setTimeout(done, PATIENCE_MS).unref();
    waiting.add(look);
    look();
  });
}

function append<Entry>(list: Entry[], entry: Entry, limit: number): void {
  list.push(entry);
  if (list.length > limit) list.shift();
}
