import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Streams } from '../../aws/dynamodb-streams/streams.ts';
import type { BusEvent, Buses } from '../../aws/eventbridge/bus.ts';
import type { Connections } from '../../aws/gateway/connections.ts';
import { readBody, sendJson } from '../../aws/http-messages.ts';
import type { Guard } from '../../aws/iam/guard.ts';
import type { Account } from '../../aws/lambda/account.ts';
import type { Pool } from '../../aws/lambda/pool.ts';
import type { Secrets } from '../../aws/secrets/secrets.ts';
import type { Queues } from '../../aws/sqs/queues.ts';
import { displayName } from '../../aws/template/display-name.ts';
import { FaultyAnswer, type LocalIssuer } from '../../issuer/issuer.ts';
import { shownMedia } from '../../media-providers.ts';
import type { PushEndpoints, PushFakes } from '../../push/push-fakes.ts';
import type { Usage } from '../metering/usage.ts';
import type { Network } from '../network/egress.ts';
import type { NoShares, ProcessorShares } from '../processors/control-groups.ts';
import { accountState, limitAccount } from './account-control.ts';
import { issuerRoutes } from './issuer-control.ts';
import type { KeptLogs } from './kept-logs.ts';
import { changeNetwork } from './network-control.ts';
import { pushRoutes } from './push-control.ts';
import { changeDisorder, injectMessage, queueStates } from './queue-control.ts';
import { quiet } from './quiet.ts';
import type { Route } from './route.ts';
import { putSecret, secretStates } from './secret-control.ts';
import { signToken, tokenRequest } from './tokens.ts';

/** What the control routes show and steer. */
export interface Controlled {
  readonly fakes: PushFakes;
  readonly network: Network;
  readonly queues: Queues;
  readonly streams: Streams;
  readonly buses: Buses;
  readonly guard: Pick<Guard, 'rights'>;
  readonly functions: readonly Pool[];
  readonly account: Account;
  readonly usage: Usage;
  readonly secrets: Secrets;
  /** The connections of each WebSocket API. */
  readonly connections: readonly Connections[];
  readonly issuer: LocalIssuer;
  readonly logs: KeptLogs;
  /** What limits the processes of the functions, in the profile `aws`. */
  readonly shares: ProcessorShares | NoShares | undefined;
  /** The endpoint of every AWS service except DynamoDB. */
  readonly internalUrl: string;
  /** The push services that the functions use, and the file of certificates that they trust. */
  readonly push: {
    readonly endpoints: PushEndpoints;
    readonly caFile: string;
  };
  /** The value of the secret with the token keys. */
  keyRing(): string;
  /** The value of the secret with the media providers. */
  mediaProviders(): string;
}

/** Answers the requests under `/_local`. */
export type ControlApi = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** All control routes. */
function routes({
  fakes,
  network,
  queues,
  streams,
  buses,
  guard,
  functions,
  account,
  usage,
  secrets,
  connections,
  issuer,
  logs,
  shares,
  internalUrl,
  push,
  keyRing,
  mediaProviders,
}: Controlled): Route[] {
  return [
    ...pushRoutes(fakes),
    ['GET', /^providers$/, () => ({ ...fakes.providers, ...shownMedia(mediaProviders()) })],
    ...issuerRoutes(issuer),
    ['GET', /^push-endpoints$/, () => pushEndpoints(push)],
    ['POST', /^network$/, ({ body }) => changeNetwork(network, body)],
    ['POST', /^tokens$/, async ({ body }) => ({ token: await signToken(keyRing(), tokenRequest.parse(body)) })],
    ['GET', /^logs$/, ({ query }) => ({ logs: logs.find(query) })],
    ['GET', /^queues$/, () => ({ queues: queueStates(queues) })],
    ['POST', /^queues$/, ({ body }) => changeDisorder(queues, body)],
    ['POST', /^queues\/([\w-]+)\/messages$/, ({ body, name }) => injectMessage(queues, name, body)],
    ['GET', /^account$/, () => accountState(account)],
    ['POST', /^account$/, ({ body }) => limitAccount(account, body)],
    ['GET', /^rights$/, () => ({ functions: Object.fromEntries(guard.rights) })],
    ['GET', /^profile$/, () => (shares === undefined ? {} : { profile: 'aws', ...shares })],
    ['GET', /^usage$/, () => usage.report()],
    ['DELETE', /^usage$/, () => reset(usage)],
    ['GET', /^quiet$/, ({ query }) => quiet({ functions, queues, connections, streams }, query)],
    ['GET', /^secrets$/, () => secretStates(secrets, internalUrl)],
    ['PUT', /^secrets\/(\w+)$/, ({ body, name }) => putSecret(secrets, name, body)],
    ['POST', /^secrets\/(\w+)$/, ({ body, name }) => putSecret(secrets, name, body)],
    ['GET', /^events$/, ({ query }) => ({ events: busEvents(buses, query) })],
    ['POST', /^events\/faults$/, ({ body }) => setBusFault(buses, body)],
    ['DELETE', /^functions\/(\w+)\/processes$/, ({ name }) => crash(functions, name)],
    ['POST', /^functions\/restart$/, () => restart(functions)],
    ['DELETE', /^connections\/([\w=-]+)$/, ({ name }) => lose(connections, name)],
  ];
}

/** The control routes of a running stack. */
export function controlApi(controlled: Controlled): ControlApi {
  const table = routes(controlled);
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const path = url.pathname.replace(/^\/_local\//, '');
    const found = table.find(([method, pattern]) => method === request.method && pattern.test(path));
    if (!found) return problem(response, 404, `there is no ${request.method} ${url.pathname}`);
    const [method, pattern, act] = found;
    try {
      const text = method === 'GET' ? '' : String(await readBody(request));
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      sendJson(response, 200, await act({ query: url.searchParams, body, name: pattern.exec(path)?.[1] ?? '' }));
    } catch (error) {
      problem(response, error instanceof FaultyAnswer ? error.status : 400, reason(error));
    }
  };
}

async function pushEndpoints({ endpoints, caFile }: Controlled['push']): Promise<object> {
  const { fcm, apns, apnsSandbox } = endpoints;
  return { fcm, apns, apns_sandbox: apnsSandbox, ca: await readFile(caFile, 'utf8') };
}

function lose(connections: readonly Connections[], id: string): object {
  const connection = connections.find((each) => each.has(id))?.get(id);
  if (!connection) throw new Error(`there is no connection ${id}`);
  connection.lose();
  return {};
}

function restart(functions: readonly Pool[]): object {
  for (const pool of functions) pool.restart();
  return {};
}

/** What has arrived at the bus; each parameter of the query is a field that the detail must have with this value. */
const busEvents = ({ events }: Buses, query: URLSearchParams): readonly BusEvent[] =>
  events.filter(({ detail }) => {
    const fields = new Map<string, unknown>(Object.entries(detail));
    return [...query].every(([field, value]) => String(fields.get(field)) === value);
  });

const busFault = z.object({
  count: z.int().min(0),
  every: z.int().min(1).default(1),
  refuse: z.boolean().default(false),
  delay_ms: z.int().min(0).default(0),
});

function setBusFault(buses: Buses, body: unknown): object {
  const { delay_ms: delayMs, ...fault } = busFault.parse(body);
  buses.fault = { ...fault, delayMs };
  return {};
}

function crash(functions: readonly Pool[], name: string): object {
  const pool = functions.find((each) => displayName(each.name) === name);
  if (!pool) throw new Error(`there is no function ${name}`);
  return { killed: pool.crash() };
}

function reset(usage: Usage): object {
  usage.reset();
  return {};
}

function reason(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  return error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
}

function problem(response: ServerResponse, status: number, detail: string): void {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = { type: 'about:blank', title, status, detail, error: detail };
  sendJson(response, status, body, { 'content-type': 'application/problem+json' });
}
