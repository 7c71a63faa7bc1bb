import type * as z from 'zod';
import { apnsAlertBody, apnsAlertRing, apnsVoipBody, pushKeys, streamPush } from '#wire/push/schemas.ts';
import { gatewayRefusal, problem } from '#wire/rest/problem.ts';
import { errorFrame, events, pong, responses } from '#wire/socket/native/events.ts';
import { roomEvents } from '#wire/socket/rooms/events.ts';
import { type Documented, documented } from '../../tools/protocol/rest/chapters.ts';
import { commandTexts } from '../../tools/protocol/socket/frames.ts';
import { localPushSchema } from '../../tools/protocol/socket/local-pushes.ts';
import type { Answer, Api, Frame, Socket } from './raw-client.ts';

/** What a fake push service received for one token. */
export interface ReceivedPush {
  readonly at: string;
  readonly provider: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: the providers' own shapes
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- see above
  readonly status: number;
}

/** Whatever a stack has sent that the documents do not describe. After each test there must be none. */
export const undocumented: string[] = [];

const complain = (about: string, faults: readonly string[]): void => {
  for (const fault of faults) undocumented.push(`${about}: ${fault}`);
};

/** The same API, which checks every answer against `openapi.json`. */
export const watchedApi = (api: Api): Api => ({
  async request(method, path, options) {
    const answer = await api.request(method, path, options);
    complain(`${method} ${path} answered ${answer.status}`, answerFaults(method, path, answer));
    return answer;
  },
});

/** The same socket, which checks every frame that it receives against `asyncapi.json`. */
export const watchedSocket = (socket: Socket): Socket => watchedBy(frameFaults, socket);

/** The same for a socket in a room. */
export const watchedRoomSocket = (socket: Socket): Socket => watchedBy(roomFrameFaults, socket);

function watchedBy(faultsOf: (frame: Frame) => string[], socket: Socket): Socket {
  const check = (frame: Frame) => complain(`the frame ${frame.type}`, faultsOf(frame));
  for (const frame of socket.frames) check(frame);
  socket.raw.on('message', (data) => check(JSON.parse(String(data))));
  return socket;
}

/** Checks a push against the documents. */
export function watchPush(push: ReceivedPush): void {
  const { provider, headers, body } = push;
  complain('/_local/pushes', shapeFaults(localPushSchema, push));
  const faults =
    provider === 'fcm' || provider === 'webpush'
      ? dataFaults(provider === 'fcm' ? body.message.data : body)
      : shapeFaults(bodyOf(headers, body), body);
  complain(`a push by ${provider}`, faults);
}

const dataFaults = (data: Record<string, unknown>): string[] =>
  shapeFaults(data['sender'] === 'stream_video' ? streamPush : pushKeys, data);

function bodyOf(headers: ReceivedPush['headers'], body: Record<string, unknown>): z.ZodType {
  if (headers['apns-push-type'] === 'voip') return apnsVoipBody;
  return body['type'] === 'call.ring' ? apnsAlertRing : apnsAlertBody;
}

function shapeFaults(schema: z.ZodType, sent: unknown): string[] {
  const { error } = schema.safeParse(sent);
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message} in ${JSON.stringify(sent)}`);
}

/** The operation that answers a request. */
const operationFor = (method: string, path: string): Documented | undefined =>
  documented.find(({ operation }) => operation.method === method && fits(operation.path, path));

function fits(pattern: string, path: string): boolean {
  const [actual, expected] = [(path.split('?')[0] ?? '').split('/'), pattern.split('/')];
  return actual.length === expected.length && expected.every((part, i) => part.startsWith('{') || part === actual[i]);
}

function answerFaults(method: string, path: string, answer: Answer): string[] {
  if (path.startsWith('/_local/') || method === 'OPTIONS') return [];
  const { status, headers, body } = answer;
  const type = headers.get('content-type');
  if (type === 'application/problem+json') return problemFaults(operationFor(method, path), answer);
  if (status >= 400) return shapeFaults(gatewayRefusal, body);
  const promised = operationFor(method, path)?.answers[status];
  if (!promised) return ['this status is not documented'];
  if (!promised.schema) return body === undefined ? [] : ['has a body'];
  return [...(type === 'application/json' ? [] : [`has the type ${type}`]), ...shapeFaults(promised.schema, body)];
}

/** A path that no operation serves is `not_found`. Every other code has to be documented in its operation. */
function problemFaults(one: Documented | undefined, { status, headers, body }: Answer): string[] {
  const refusals = one?.refusals ?? ['not_found'];
  return [
    ...shapeFaults(problem, body),
    ...(refusals.includes(body.code) ? [] : [`the code ${body.code} is not documented`]),
    ...(body.status === status ? [] : [`says that it is a ${body.status}`]),
    ...(['contended', 'rate_limited'].includes(body.code) && !headers.has('retry-after') ? ['has no Retry-After'] : []),
    ...(status === 401 && !headers.has('www-authenticate') ? ['has no WWW-Authenticate'] : []),
  ];
}

function roomFrameFaults(frame: Frame): string[] {
  const schema = Object.entries(roomEvents).find(([type]) => type === frame.type)?.[1];
  return schema ? shapeFaults(schema, frame) : ['is not documented'];
}

/** What refuses a frame that is no known command, or whose `id` is wrong. */
const OF_NO_COMMAND = ['invalid_json', 'unknown_type', 'validation_failed'];

function frameFaults(frame: Frame): string[] {
  if (frame.type === 'error') {
    const { data } = errorFrame.safeParse(frame);
    const codes = Object.entries(commandTexts).find(([type]) => type === data?.for)?.[1].codes ?? OF_NO_COMMAND;
    const isKnown = data === undefined || codes.some((code) => code === data.error.code);
    return [...shapeFaults(errorFrame, frame), ...(isKnown ? [] : [`the code ${data.error.code} is not documented`])];
  }
  if (frame.type === 'response') return shapeFaults(responses, frame);
  if (frame.type === 'pong') return shapeFaults(pong, frame);
  const schema = Object.entries(events).find(([type]) => type === frame.type)?.[1];
  return schema ? shapeFaults(schema, frame) : ['is not documented'];
}
