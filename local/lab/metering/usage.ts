import { type Counters, counters } from './counters.ts';
import { type SocketMeter, type SocketUsage, socketMeter } from './socket-meter.ts';
import { KIB, startedUnits } from './units.ts';

/** A request to SQS is billed in units of this many bytes. */
const QUEUE_UNIT_BYTES = 64 * KIB;
/** The same for the HTTP API. */
const HTTP_UNIT_BYTES = 512 * KIB;
/** What CloudWatch Logs adds to the text of every event. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const LOG_EVENT_BYTES = 26;

/** Counts what one function is billed for. */
export interface FunctionMeter {
  /** A process has started. Its initialisation is billed, too. */
  initialised(ms: number): void;
  /** An event took `ms` to handle, whether it succeeded or not. */
  answered(ms: number): void;
  /** Each line is an event of CloudWatch Logs, which keeps it as it is: Lambda wraps only what goes through `console`. */
  logged(line: string): void;
}

/** What AWS would bill for everything since the start or the last reset. */
export interface UsageReport {
  /** By kind of item. Absent if the stack does not meter its table. */
  readonly dynamodb?: Readonly<Record<string, Record<'write_units' | 'writes' | 'read_units' | 'reads', number>>>;
  /** By queue. The empty polls of Lambda are left out: they cost by the hour, not by the call. */
  readonly sqs: Readonly<Record<string, Record<'requests' | 'messages', number>>>;
  readonly lambda: Readonly<
    Record<
      string,
      Record<'invocations' | 'billed_ms' | 'init_ms' | 'memory_mb' | 'cold_starts' | 'log_events' | 'log_bytes', number>
    >
  >;
  /** By function: how many writes the stream told of, for nothing, and how many of them its filters let through. */
  readonly streams: Readonly<Record<string, Record<'records' | 'matched', number>>>;
  readonly websocket: SocketUsage;
  readonly http: { readonly requests: number };
}

/** Collects what every local service would cost. */
export interface Usage {
  readonly table: Counters<'write_units' | 'writes' | 'read_units' | 'reads'>;
  readonly sockets: SocketMeter;
  ofFunction(name: string, memoryMb: number): FunctionMeter;
  /** A request to a queue with a size in bytes, and with the number of messages that it sends. */
  queueRequest(queue: string, bytes: number, messages: number): void;
  /** Records that Lambda has read of a stream for a function. */
  streamRecords(functionName: string, records: number, matched: number): void;
  /** A request to the HTTP API. The larger of its own size and the size of its answer counts. */
  httpRequest(bytes: number): void;
  report(): UsageReport;
  reset(): void;
}

/** Starts at zero. `metersTable` says whether requests to the table are counted. */
export function openUsage(metersTable: boolean): Usage {
  const table = counters({ write_units: 0, writes: 0, read_units: 0, reads: 0 });
  const queues = counters({ requests: 0, messages: 0 });
  const functions = counters({ invocations: 0, billed_ms: 0, init_ms: 0, cold_starts: 0, log_events: 0, log_bytes: 0 });
  const streams = counters({ records: 0, matched: 0 });
  const memory = new Map<string, number>();
  const sockets = socketMeter();
  let httpRequests = 0;
  return {
    table,
    sockets,
    ofFunction(name, memoryMb) {
      memory.set(name, memoryMb);
      return {
        initialised: (ms) => functions.add(name, { cold_starts: 1, billed_ms: Math.ceil(ms), init_ms: Math.ceil(ms) }),
        answered: (ms) => functions.add(name, { invocations: 1, billed_ms: Math.ceil(ms) }),
        logged: (line) => functions.add(name, { log_events: 1, log_bytes: Buffer.byteLength(line) + LOG_EVENT_BYTES }),
      };
    },
    queueRequest: (queue, bytes, messages) =>
      queues.add(queue, { requests: startedUnits(bytes, QUEUE_UNIT_BYTES), messages }),
    streamRecords: (functionName, records, matched) => streams.add(functionName, { records, matched }),
    httpRequest(bytes) {
      httpRequests += startedUnits(bytes, HTTP_UNIT_BYTES);
    },
    report: () => ({
      ...(metersTable && { dynamodb: table.report() }),
      sqs: queues.report(),
      lambda: Object.fromEntries(
        Object.entries(functions.report()).map(([name, of]) => [name, { ...of, memory_mb: memory.get(name) ?? 0 }]),
      ),
      streams: streams.report(),
      websocket: sockets.report(),
      http: { requests: httpRequests },
    }),
    reset() {
      for (const meter of [table, queues, functions, streams, sockets]) meter.reset();
      httpRequests = 0;
    },
  };
}
