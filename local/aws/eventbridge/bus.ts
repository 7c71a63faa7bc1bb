import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isObject, parseBody } from '../../json.ts';
import { readBody, sendJson } from '../http-messages.ts';
import type { InternalService } from '../internal-server.ts';
import { ACCOUNT } from '../template/physical.ts';
import type { Find } from '../template/template.ts';

/** An event as EventBridge passes it to targets. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** What the bus does to the next entries, switched on by tests. */
export interface BusFault {
  /** How many entries it does it to; those between are taken. */
  count: number;
  /** Every so many. @default 1, each */
  readonly every: number;
  /** Refuses them, as a bus that is throttled. */
  readonly refuse: boolean;
  /** Answers late. */
  readonly delayMs: number;
}

/** The event buses of the stack. */
export interface Buses extends InternalService {
  /** Everything that has arrived, the oldest first. */
  readonly events: readonly BusEvent[];
  fault: BusFault | undefined;
}

const bus = z.object({ Name: z.string() });
const TARGET = 'AWSEvents.';
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** More are not kept: the oldest go. */
const KEPT = 10_000;

const putEvents = z.object({
  Entries: z
    .array(
      z.object({
        EventBusName: z.string(),
        Source: z.string().min(1),
        DetailType: z.string().min(1),
        Detail: z.string(),
        Time: z.number().optional(),
        Resources: z.array(z.string()).default([]),
      }),
    )
    .min(1)
    .max(MAX_ENTRIES),
});
type Entry = z.output<typeof putEvents>['Entries'][number];

/** Opens the buses of the template. No rules: `/_local/events` shows what arrives. */
export function openBuses(find: Find, region: string): Buses {
  const arns = new Map(find('AWS::Events::EventBus', bus).map(({ arn, properties: { Name } }) => [Name, arn]));
  if (find('AWS::Events::Rule', z.object({})).length > 0)
    throw new Error('the local stack does not support rules of a bus');
  const events: BusEvent[] = [];
  let seen = 0;

  const isFaulty = (fault: BusFault | undefined): fault is BusFault => {
    seen += 1;
    if (!fault || fault.count === 0 || seen % fault.every !== 0) return false;
    fault.count -= 1;
    return true;
  };

  const take = (entry: Entry, fault: BusFault | undefined): object => {
    if (!arns.has(entry.EventBusName)) return refused('ResourceNotFoundException', `no bus ${entry.EventBusName}`);
    const detail = parseBody(entry.Detail);
    if (!isObject(detail)) return refused('MalformedDetail', 'Detail is malformed.');
    if (fault?.refuse) return refused('ThrottlingException', 'The bus is throttled.');
    const id = randomUUID();
    events.push({
      version: '0',
      id,
      'detail-type': entry.DetailType,
      source: entry.Source,
      account: ACCOUNT,
      time: new Date(entry.Time === undefined ? Date.now() : entry.Time * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: entry.Resources,
      detail,
    });
    if (events.length > KEPT) events.shift();
    return { EventId: id };
  };

  const self: Buses = {
    events,
    fault: undefined,
    matches: ({ headers }) => String(headers['x-amz-target']).startsWith(TARGET),
    accessesOf({ headers }, body) {
      const { Entries: entries = [] } = Object(parseBody(String(body)));
      const action = `events:${String(headers['x-amz-target']).slice(TARGET.length)}`;
      const names = new Set(Array.from(entries, (entry) => String(Object(entry).EventBusName)));
      return [...names].map((name) => ({ action, resource: arns.get(name) ?? name }));
    },
    async handle(request, response) {
      const read = putEvents.safeParse(JSON.parse(String(await readBody(request))));
      const bytes = read.data?.Entries.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0) ?? 0;
      if (request.headers['x-amz-target'] !== `${TARGET}PutEvents` || !read.success || bytes > MAX_BYTES) {
        return sendJson(response, 400, { __type: 'ValidationException', message: read.error?.message ?? 'too large' });
      }
      const faults = read.data.Entries.map(() => (isFaulty(self.fault) ? self.fault : undefined));
      const answers = read.data.Entries.map((entry, i) => take(entry, faults[i]));
      const delayMs = Math.max(...faults.map((fault) => fault?.delayMs ?? 0));
      setTimeout(
        () =>
          sendJson(response, 200, {
            FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length,
            Entries: answers,
          }),
        delayMs,
      );
    },
  };
  return self;
}

const refused = (ErrorCode: string, ErrorMessage: string): object => ({ ErrorCode, ErrorMessage });
