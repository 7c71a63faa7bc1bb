/** One event of a ring trace, as the API shows it. */
export interface TraceEvent {
  readonly at: string;
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** What a line says about an event after its name, in this order. */
const DETAILS: Readonly<Record<string, (value: string) => string>> = {
  provider: (provider) => provider,
  device: (last) => `…${last}`,
  hardware_id: (handset) => `on ${handset}`,
  connection_id: (id) => `socket ${id}`,
  type: (type) => (type === 'call.ring' ? '' : `(${type})`),
  status: (status) => (status === '0' ? '' : status),
  reason: (reason) => reason,
  attempt: (attempt) => (attempt === '1' ? '' : `attempt ${attempt}`),
  latency_ms: (ms) => `${ms} ms`,
  retry_in_ms: (ms) => `next attempt in ${ms} ms`,
};

/** An event as an aligned line, with the time since `start`. */
export function traceLine(event: TraceEvent, start: number): string {
  const offset = `+${Math.max(0, Date.parse(event.at) - start)} ms`;
  const details = Object.entries(DETAILS).flatMap(([name, say]) =>
    event[name] === undefined ? [] : say(String(event[name])),
  );
  const text = [offset.padStart(9), event.event.padEnd(16), ...details.filter((detail) => detail !== '')].join('  ');
  // An app may call a handset anything: keep control characters away from the terminal.
  return text.replaceAll(/\p{Cc}/gu, '?').trimEnd();
}
