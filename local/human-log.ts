import { z } from 'zod';
import { parseBody } from './json.ts';

// Turns what the functions log, JSON made for CloudWatch, into lines for somebody who watches a terminal.

const metricLine = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.tuple([z.object({ Metrics: z.tuple([z.object({ Name: z.string() })]) })]),
  }),
  call_cid: z.string().optional(),
});

const logLine = z.looseObject({
  level: z.string(),
  message: z.string(),
  call_cid: z.string().optional(),
  operation: z.string().optional(),
  code: z.string().optional(),
});

/** What a handler threw, as Lambda's runtime logs it. */
const thrownLine = z.looseObject({
  level: z.string(),
  message: z.object({ errorType: z.string(), errorMessage: z.string() }),
});

/** What Lambda itself says about an invocation that failed. */
const platformLine = z.object({
  type: z.templateLiteral(['platform.', z.string()]),
  record: z.object({
    status: z.string(),
    errorType: z.string().optional(),
    metrics: z.object({ durationMs: z.number() }),
  }),
});

type Fields = Readonly<Record<string, unknown>>;

const SERVICES: Readonly<Record<string, string>> = { firebase: 'FCM', apn: 'APNs' };
const OUTCOMES: Readonly<Record<string, string>> = { dead_token: 'refused, its token is dead and was removed' };

const service = ({ provider }: Fields): string => SERVICES[String(provider)] ?? String(provider);
const words = (text: unknown): string => String(text).replaceAll('_', ' ');

/** What a metric means, in words. Its name stands for itself if it is not here. */
const METRICS: Readonly<Record<string, (fields: Fields, value: unknown) => string>> = {
  MembersRung: () => 'a callee is being rung',
  RingToPush: (fields, ms) => `${service(fields)} took the ring after ${ms} ms`,
  PushAttempts: pushAttempt,
  ProvidersFailing: (fields) => `${service(fields)} refuses every push: ${fields['reason']}`,
  CalleesUnreachable: ({ reason }) => `a callee cannot be reached: ${words(reason)}`,
  StopsFailed: () => 'a phone could not be told to stop ringing',
  ConnectionsRefused: () => 'a WebSocket was refused: its token is not valid',
  Contended: () => 'gave up on a call that kept changing',
  InternalErrors: () => 'a request was answered with an internal error',
};

function pushAttempt(fields: Fields): string {
  const { push, outcome, status, reason, attempt } = fields;
  const answer = [status, reason].filter((part) => part !== undefined && part !== 0).join(' ');
  const again = Number(attempt) > 1 ? `, attempt ${attempt}` : '';
  return `${push} push to ${service(fields)}${again}: ${OUTCOMES[String(outcome)] ?? outcome}${answer && ` (${answer})`}`;
}

/** One line for a terminal; `undefined` if the line says nothing that another one does not. */
export function humanLine(line: string, now = new Date()): string | undefined {
  const [, source = '', text = line] = /^\[(\w+)\] (.*)$/.exec(line) ?? [];
  const json = parseBody(text);
  const metric = metricLine.safeParse(json);
  if (metric.success) return metricText(metric.data);
  const logged = logLine.safeParse(json);
  if (logged.success) {
    const { level, message, call_cid: call = source, error, operation, code } = logged.data;
    const what = [message, operation, code].filter((part) => part !== undefined).join(' ');
    return stamped(now, call, `${level.toLowerCase()}: ${what}${detailOf(error)}`);
  }
  const thrown = thrownLine.safeParse(json);
  if (thrown.success) return thrownText(source, thrown.data, now);
  const platform = platformLine.safeParse(json);
  if (platform.success) return platformText(source, platform.data, now);
  if (isNoise(text)) return undefined;
  return source === '' ? text : stamped(now, source, text);
}

function metricText({ _aws, call_cid: call = '', ...fields }: z.output<typeof metricLine>): string {
  const [{ Metrics }] = _aws.CloudWatchMetrics;
  const [{ Name: name }] = Metrics;
  const text = METRICS[name]?.(fields, fields[name]) ?? `${name} ${fields[name]}`;
  return stamped(new Date(_aws.Timestamp), call, text);
}

/** An authorizer refuses a token by throwing, which has a metric of its own. */
function thrownText(source: string, { level, message }: z.output<typeof thrownLine>, now: Date): string | undefined {
  const { errorType, errorMessage } = message;
  if (errorType === 'Unauthorized') return undefined;
  return stamped(now, source, `${level.toLowerCase()}: ${errorType}: ${errorMessage}`);
}

/** Of two lines about an invocation one is enough, and none if the runtime has logged what was thrown. */
function platformText(source: string, { type, record }: z.output<typeof platformLine>, now: Date): string | undefined {
  const { status, errorType, metrics } = record;
  if (type !== 'platform.report' || status === 'error') return undefined;
  const how = errorType === undefined ? status : `${status}: ${errorType}`;
  return stamped(now, source, `${how} after ${Math.round(metrics.durationMs)} ms`);
}

/** A process that ends by an error prints it with its stack. */
const isNoise = (text: string): boolean => /^\s+at /.test(text) || text.trim() === '';

const stamped = (at: Date, about: string, text: string): string =>
  [clockTime(at), ...(about === '' ? [] : [about]), text].join('  ');

/** The local time of day, with milliseconds. */
const clockTime = (at: Date): string =>
  `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}`;

function detailOf(error: unknown): string {
  const { name, message } = Object(error);
  if (message === undefined) return '';
  return name === undefined ? ` (${message})` : ` (${name}: ${message})`;
}
