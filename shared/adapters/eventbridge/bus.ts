import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { ReportSink } from '#ports/report.ts';
import { encodeReport } from '#wire/report/encode.ts';
import { insistent } from '../aws/client-settings.ts';

/** What every event of ours says that it comes from. */
const SOURCE = 'carillon';

/** The most entries, and bytes of details, in one request. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 240 * 1024;

/** How often an entry is sent before its report has failed, and how long each pause between is at most. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;

/** A report that waits for its turn. */
interface Waiting {
  readonly entry: PutEventsRequestEntry;
  readonly bytes: number;
  taken(): void;
  refused(error: Error): void;
}

export interface EventBusOptions {
  /** The name of the bus. */
  readonly bus: string;
  /** Waits `ms`. */
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * The bus of the stage. What is to be reported at the same moment leaves in one request; of that, entries that the bus
 * refuses are sent again, and those that it took are not.
 */
export function eventBus({ bus, wait }: EventBusOptions): ReportSink {
  const client = new EventBridgeClient(insistent());
  let waiting: Waiting[] = [];

  const put = async (entries: readonly Waiting[], attempt = 1): Promise<void> => {
    const { Entries: answers = [] } = await client.send(
      new PutEventsCommand({ Entries: entries.map(({ entry }) => entry) }),
    );
    const refused = entries.filter((each, i) => {
      const isTaken = answers[i]?.EventId !== undefined;
      if (isTaken) each.taken();
      return !isTaken;
    });
    if (refused.length === 0) return;
    if (attempt === ATTEMPTS) {
      const codes = new Set(answers.flatMap(({ ErrorCode = [] }) => ErrorCode));
      throw new Error(`EventBridge refused ${refused.length} of ${entries.length} events: ${[...codes].join(', ')}`);
    }
    await wait(Math.random() * PAUSE_MS * 2 ** (attempt - 1));
    await put(refused, attempt + 1);
  };

  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (const entries of batches(all)) {
      put(entries).catch((error: unknown) => {
        const cause = error instanceof Error ? error : new Error('EventBridge did not answer', { cause: error });
        for (const { refused } of entries) refused(cause);
      });
    }
  };

  return {
    take: (report) =>
      new Promise((taken, refused) => {
        const detail = encodeReport(report);
        const Detail = JSON.stringify(detail);
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({
          entry: {
            EventBusName: bus,
            Source: SOURCE,
            DetailType: detail.type,
            Detail,
            Time: new Date(detail.created_at),
          },
          bytes: Buffer.byteLength(Detail),
          taken,
          refused,
        });
      }),
  };
}

/** The reports in requests that are neither too many nor too large. */
function batches(all: readonly Waiting[]): Waiting[][] {
  const made: Waiting[][] = [];
  let bytes = 0;
  for (const each of all) {
    const last = made.at(-1);
    bytes += each.bytes;
    if (last && last.length < MAX_ENTRIES && bytes <= MAX_BYTES) last.push(each);
    else {
      made.push([each]);
      bytes = each.bytes;
    }
  }
  return made;
}
