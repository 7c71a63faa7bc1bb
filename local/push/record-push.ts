import type { Delivery, Phones } from './phones.ts';
import type { PushLog, PushRecord } from './push-log.ts';
import type { Verdict } from './push-request.ts';
import type { Ending, Message, RetryRules } from './retry-rules.ts';

/** What the fakes share. */
export interface PushState {
  readonly log: PushLog;
  readonly phones: Phones;
  readonly retries: RetryRules;
}

/** A request for a device, and what the fake decided about it. */
export interface JudgedPush {
  readonly record: PushRecord;
  readonly verdict: Verdict;
  readonly message: Message;
  /** Whether a refusal of this kind is final. */
  readonly final: boolean;
  readonly delivery: Omit<Delivery, 'arrived'>;
}

/** Logs a request, checks it against the retry rules, and delivers it to the phone if it was accepted. */
export function recordPush({ record, verdict, message, final, delivery }: JudgedPush, office: PushState): void {
  const { log, phones, retries } = office;
  const { device, service } = message;
  const arrivedAt = Date.parse(record.at);
  const breach = retries.breach(message, arrivedAt);
  if (breach) log.addViolation({ at: record.at, provider: service, ...breach });
  // Only an answer that reached the sender counts, and only from that moment.
  if (record.status !== 0) {
    retries.ended(message, endingOf(verdict, final), arrivedAt + (verdict.outcome?.delay_ms ?? 0));
  }
  log.add(device, record);
  const taken = verdict.reply.status < 300 && (!verdict.outcome?.drop || verdict.outcome.delivered);
  if (!taken) return;
  phones.deliver(device, {
    ...delivery,
    arrived: (at) => {
      record.delivered_at = at.toISOString();
    },
  });
}

function endingOf({ reply }: Verdict, final: boolean): Ending {
  const retryAfter = reply.headers?.['retry-after'];
  return { status: reply.status, final, ...(retryAfter !== undefined && { retryAfterS: Number(retryAfter) }) };
}
