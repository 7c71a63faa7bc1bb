import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTables } from './aws/dynamodb/table.ts';
import type { Connections } from './aws/gateway/connections.ts';
import type { Behind } from './aws/gateway/front-door.ts';
import { httpApi } from './aws/gateway/http-api.ts';
import { httpApiSpec } from './aws/gateway/http-api-spec.ts';
import { managementApi } from './aws/gateway/management-api.ts';
import { webSocketApi } from './aws/gateway/websocket-api.ts';
import { webSocketApiSpec } from './aws/gateway/websocket-api-spec.ts';
import type { InternalServer } from './aws/internal-server.ts';
import { functionEnvironment, pushVariables } from './aws/lambda/function-environment.ts';
import { type FunctionSpec, functionSpecs } from './aws/lambda/function-spec.ts';
import { startPool } from './aws/lambda/pool.ts';
import { serveRuntimeApi } from './aws/lambda/runtime-api.ts';
import type { Processes } from './aws/processes.ts';
import { declaredSecrets } from './aws/secrets/secret-values.ts';
import { openSecrets, type Secret, type Secrets } from './aws/secrets/secrets.ts';
import { secretsApi } from './aws/secrets/secrets-api.ts';
import { openQueues } from './aws/sqs/queues.ts';
import { sqsApi } from './aws/sqs/sqs-api.ts';
import { readAssembly } from './aws/template/assembly.ts';
import { templateReader } from './aws/template/template.ts';
import { controlApi } from './lab/control/control-api.ts';
import { meteredDynamodb } from './lab/metering/dynamodb/metered-dynamodb.ts';
import { openUsage } from './lab/metering/usage.ts';
import { type Network, openOutlet } from './lab/network/outlet.ts';
import type { PushFakes } from './push/push-fakes.ts';
import type { Settings } from './settings.ts';

/** What a template runs on. */
export interface Ground {
  readonly settings: Settings;
  /** The cloud assembly's directory. */
  readonly assembly: string;
  readonly scratch: string;
  readonly processes: Processes;
  readonly internal: InternalServer;
  readonly fakes: PushFakes;
  readonly dynamodbUrl: string;
  readonly stopping: AbortSignal;
  log(line: string): void;
}

/** The short names of the two secrets that the stack itself has to do with. */
const KEY_RING = 'TokenKeys';
const PUSH_PROVIDERS = 'PushProviders';

/** Brings every resource of the template up, and returns what the public port leads to. */
export async function runTemplate(ground: Ground): Promise<Behind> {
  const { settings, internal, fakes, dynamodbUrl, processes, stopping, log } = ground;
  const assembly = await readAssembly(ground.assembly);
  const find = templateReader(assembly, { region: settings.region, internalUrl: internal.url });
  const [caFile, secrets] = await Promise.all([
    writeCaFile(ground),
    openSecrets(declaredSecrets(find), settings.dataDirectory),
    createTables(find, dynamodbUrl, settings),
  ]);
  const fakeEndpoints = {
    fcm: fakes.fcmEndpoint,
    apns: fakes.apnsEndpoint,
    apnsSandbox: fakes.apnsSandboxEndpoint,
  };
  const pushEndpoints = { ...fakeEndpoints, ...settings.pushEndpoints };
  const usage = openUsage(settings.metersTable);
  if (settings.metersTable) internal.serve(meteredDynamodb(dynamodbUrl, usage));
  const network: Network = { dropFrozenAfterMs: undefined };
  const compileCache = join(ground.scratch, 'compile-cache');
  const environment = (spec: FunctionSpec) =>
    functionEnvironment(
      {
        settings,
        internalUrl: internal.url,
        dynamodbUrl: settings.metersTable ? internal.url : dynamodbUrl,
        webSocketHost: sockets.domainName,
        pushEndpoints,
        caFile,
        compileCache,
      },
      spec,
    );
  // Push services of the user's own are somewhere in the world, and are spoken to directly.
  const own = pushVariables(settings.pushEndpoints);
  const relayed = Object.entries(pushVariables(fakeEndpoints)).filter(([name]) => !(name in own));
  const openWayOut = () => openOutlet(Object.fromEntries(relayed), network);
  const runtimeApi = serveRuntimeApi(internal);
  const host = { processes, runtimeApi, stopping, environment, openOutlet: openWayOut, usage, log };
  const functions = functionSpecs(find, assembly).map((spec) => startPool(spec, host));
  const sockets = webSocketApiSpec(find, functions, settings.region);
  const connections: Connections = new Map();
  const queues = openQueues(find, functions, usage, log);
  // The template makes the providers' secret empty, for an operator to fill: here the fakes' credentials go in.
  await secrets.put(named(secrets, PUSH_PROVIDERS), JSON.stringify(fakes.providersSecret));
  internal.serve(sqsApi(queues.all, usage));
  internal.serve(secretsApi(secrets));
  internal.serve(managementApi(sockets.stage, connections));
  await Promise.all(functions.map((pool) => pool.warm()));
  return {
    webSocketPath: `/${sockets.stage}`,
    webSocket: webSocketApi(
      sockets,
      connections,
      { idleMs: settings.webSocketIdleMs, lifeMs: settings.webSocketLifeMs },
      usage.sockets,
    ),
    http: httpApi(httpApiSpec(find, functions), usage),
    control: controlApi({
      connections,
      fakes,
      network,
      queues,
      functions,
      usage,
      secrets,
      internalUrl: internal.url,
      push: { endpoints: pushEndpoints, caFile },
      keyRing: () => named(secrets, KEY_RING).value,
    }),
  };
}

function named(secrets: Secrets, name: string): Secret {
  const found = secrets.find(name);
  if (!found) throw new Error(`the template has no secret ${name}`);
  return found;
}

/** One file of certificates that the functions trust: the user's own, and the fakes'. */
async function writeCaFile({ settings, scratch, fakes }: Ground): Promise<string> {
  const own = settings.extraCaCerts === undefined ? '' : await readFile(settings.extraCaCerts, 'utf8');
  const file = join(scratch, 'ca.pem');
  await writeFile(file, `${own}\n${fakes.caPem}`);
  return file;
}
