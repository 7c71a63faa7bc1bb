const KEPT_PER_TOKEN = 1000;
const KEPT_VIOLATIONS = 1000;
/** Whoever waits for a push hears after so long that it has not come. */
const PATIENCE_MS = 10_000;

/** Which service was spoken to; `apns-sandbox` is Apple's development environment. */
export type PushProvider = 'fcm' | 'apns' | 'apns-sandbox';

/** One request for one token, as a fake received it. */
export interface PushRecord {
  /** When it arrived, ISO 8601. */
  readonly at: string;
  /** The same moment by the machine's monotonic clock, in ms with fractions: what any process here reads from `process.hrtime`. */
  readonly monotonic_ms: number;
  readonly provider: PushProvider;
  readonly path: string;
  /** Lower-case names; of `authorization` only the scheme is kept. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, or the text as it came where it was not JSON. */
  readonly body: unknown;
  /** What was answered, or will be after a scripted delay; 0 where its sender got no answer, or may not have read it before the connection was cut. */
  status: number;
  /** When it reached the phone, ISO 8601; absent: not yet, or never. */
  delivered_at?: string;
}

/** One breach of a rule of Apple's or Google's. */
export interface Violation {
  readonly at: string;
  readonly provider: PushProvider;
  readonly rule: string;
  readonly detail: string;
}

/** What the fakes remember of the requests that they received. */
export interface PushLog {
  /** Newest last, the latest 1000 of a token. */
  pushes(token: string): PushRecord[];
  /** Resolves once there are so many requests for a token; where they do not come, after ten seconds. */
  arrived(token: string, atLeast: number): Promise<void>;
  /** Forgets what came for a token. */
  forget(token: string): void;
  violations(): Violation[];
  add(token: string, record: PushRecord): void;
  addViolation(violation: Violation): void;
}

/** Opens an empty log. */
export function openPushLog(): PushLog {
  const records = new Map<string, PushRecord[]>();
  const violations: Violation[] = [];
  const waiting = new Set<() => void>();
  const count = (token: string): number => records.get(token)?.length ?? 0;
  return {
    pushes: (token) => [...(records.get(token) ?? [])],
    arrived: (token, atLeast) => until(waiting, () => count(token) >= atLeast),
    forget: (token) => void records.delete(token),
    violations: () => [...violations],
    add(token, record) {
      const ofToken = records.get(token) ?? [];
      records.set(token, ofToken);
      append(ofToken, record, KEPT_PER_TOKEN);
      for (const look of waiting) look();
    },
    addViolation: (violation) => append(violations, violation, KEPT_VIOLATIONS),
  };
}

/** Resolves once it is so, as seen whenever one of `waiting` is called, or when patience ends. */
function until(waiting: Set<() => void>, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      waiting.delete(look);
      resolve();
    };
    const look = (): void => {
      if (isSo()) done();
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
