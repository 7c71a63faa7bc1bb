import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '#local/aws/dynamodb/engine.ts';
import { createTables } from '#local/aws/dynamodb/table.ts';
import type { Connections } from '#local/aws/gateway/connections.ts';
import { managementApi } from '#local/aws/gateway/management-api.ts';
import { type WebSocketApiSpec, webSocketApiSpecs } from '#local/aws/gateway/websocket-api-spec.ts';
import { type InternalServer, startInternalServer } from '#local/aws/internal-server.ts';
import { openAccount } from '#local/aws/lambda/account.ts';
import { functionEnvironment, pushVariables } from '#local/aws/lambda/function-environment.ts';
import { type FunctionSpec, functionSpecs } from '#local/aws/lambda/function-spec.ts';
import type { LambdaFunction } from '#local/aws/lambda/invocation.ts';
import type { LambdaHost } from '#local/aws/lambda/lambda-host.ts';
import { type Processes, watchedProcesses } from '#local/aws/processes.ts';
import { declaredSecrets } from '#local/aws/secrets/secret-values.ts';
import { openSecrets, type Secret, type Secrets } from '#local/aws/secrets/secrets.ts';
import { secretsApi } from '#local/aws/secrets/secrets-api.ts';
import { openQueues } from '#local/aws/sqs/queues.ts';
import { sqsApi } from '#local/aws/sqs/sqs-api.ts';
import { readAssembly } from '#local/aws/template/assembly.ts';
import { type Find, templateReader } from '#local/aws/template/template.ts';
import { openUsage } from '#local/lab/metering/usage.ts';
import { openEgress } from '#local/lab/network/egress.ts';
import { makeServerIdentity } from '#local/push/certificates.ts';
import { type PushFakes, startPushFakes } from '#local/push/push-fakes.ts';
import { readSettings } from '#local/settings.ts';
import { synthesize } from '#local/synth.ts';
import { type BehindTls, behindTls } from './behind-tls.ts';

/** The functions of the synthesized template, none of them running, and all services that they call. */
export interface Surroundings {
  readonly functions: readonly FunctionSpec[];
  readonly host: LambdaHost;
  readonly sockets: WebSocketApiSpec;
  /** The open connections. */
  readonly connections: Connections;
  /** The content of the secret `token-keys`, which signs tokens. */
  readonly keyRing: string;
  /** The header by which an event shows that its request came through the edge. */
  readonly edge: Readonly<Record<string, string>>;
  /** A directory that is removed with the surroundings. */
  readonly scratch: string;
  stop(): Promise<void>;
}

interface Services {
  readonly processes: Processes;
  readonly internal: InternalServer;
  readonly fakes: PushFakes;
  readonly dynamodbUrl: string;
  /** The two of them as the functions are to find them. */
  readonly secured: { readonly internal: BehindTls; readonly dynamodb: BehindTls; readonly caPem: string };
  readonly scratch: string;
}

const settings = readSettings({});

/** The services need a meter, but costs are counted elsewhere. */
const usage = openUsage(false);

/** The logs of the functions are not used here. */
const log = (): void => undefined;

/** Starts the services. Messages from the queues go to `deliver` only. */
export async function startSurroundings(deliver: (to: string, event: unknown) => void): Promise<Surroundings> {
  const services = await startServices();
  const { internal, dynamodbUrl, fakes, processes, secured, scratch } = services;
  const assembly = await readAssembly(join(scratch, 'assembly'));
  const find = templateReader(assembly, { region: settings.region, internalUrl: secured.internal.url });
  const secrets = await openFilledSecrets(find, fakes);
  await createTables(find, dynamodbUrl, settings);
  const functions = functionSpecs(find, assembly);
  const receivers = functions.map(({ name }): LambdaFunction => {
    return { name, invoke: async (event) => deliver(name, event) };
  });
  const sockets = webSocketApiSpecs(find, receivers, settings.region).find(({ stage }) => stage === 'ws');
  if (!sockets) throw new Error('the template has no WebSocket API at /ws');
  const connections: Connections = new Map();
  internal.serve(sqsApi(openQueues(find, receivers, usage, log).all, usage));
  internal.serve(secretsApi(secrets));
  internal.serve(managementApi(sockets, connections));
  const stopping = new AbortController();
  return {
    functions,
    sockets,
    connections,
    keyRing: existing(secrets.find('TokenKeys')).value,
    edge: { 'x-carillon-edge': JSON.parse(existing(secrets.find('EdgeSecret')).value).current },
    scratch,
    host: await hostOf(services, secrets, [sockets.domainName], stopping.signal),
    async stop() {
      stopping.abort();
      internal.stop();
      secured.internal.stop();
      secured.dynamodb.stop();
      await Promise.all([fakes.close(), processes.stop()]);
    },
  };
}

async function startServices(): Promise<Services> {
  const scratch = await mkdtemp(join(tmpdir(), 'carillon-cold-'));
  const processes = watchedProcesses(scratch);
  const [internal, fakes, dynamodbUrl] = await Promise.all([
    startInternalServer(log),
    startPushFakes(),
    startEngine(processes, undefined),
    synthesize({ stage: settings.stage }, join(scratch, 'assembly'), processes),
  ]);
  const identity = await makeServerIdentity('Carillon bench services');
  const [first, second] = await Promise.all([behindTls(internal.url, identity), behindTls(dynamodbUrl, identity)]);
  const secured = { internal: first, dynamodb: second, caPem: identity.caPem };
  return { processes, internal, fakes, dynamodbUrl, secured, scratch };
}

async function openFilledSecrets(find: Find, fakes: PushFakes): Promise<Secrets> {
  const secrets = await openSecrets(declaredSecrets(find), undefined);
  await secrets.put(existing(secrets.find('PushProviders')), JSON.stringify(fakes.providersSecret));
  return secrets;
}

async function hostOf(
  services: Services,
  secrets: Secrets,
  webSocketHosts: readonly string[],
  stopping: AbortSignal,
): Promise<LambdaHost> {
  const { processes, internal, fakes, secured, scratch } = services;
  const caFile = join(scratch, 'ca.pem');
  await writeFile(caFile, `${fakes.caPem}\n${secured.caPem}`);
  const pushEndpoints = { fcm: fakes.fcmEndpoint, apns: fakes.apnsEndpoint, apnsSandbox: fakes.apnsSandboxEndpoint };
  const urls = { internalUrl: secured.internal.url, dynamodbUrl: secured.dynamodb.url };
  const { webPushOrigin } = fakes;
  const around = {
    settings,
    ...urls,
    webPushOrigin,
    secrets,
    publicUrl: internal.url,
    webSocketHosts,
    pushEndpoints,
    caFile,
  };
  return {
    account: openAccount(),
    processes,
    stopping,
    // A first start in Lambda finds no compiled code of an earlier one.
    environment: (spec) =>
      functionEnvironment({ ...around, credentials: () => around.settings.credentials, issuers: [] }, spec),
    openEgress: () => openEgress(pushVariables(pushEndpoints), { dropFrozenAfterMs: undefined }),
    usage,
    log,
  };
}

function existing(secret: Secret | undefined): Secret {
  if (!secret) throw new Error('the template has no such secret');
  return secret;
}
