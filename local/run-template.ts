import type { Connections } from './aws/gateway/connections.ts';
import type { Backends } from './aws/gateway/front-door.ts';
import { httpApi } from './aws/gateway/http-api.ts';
import { httpApiSpec } from './aws/gateway/http-api-spec.ts';
import { managementApi } from './aws/gateway/management-api.ts';
import { webSocketApi } from './aws/gateway/websocket-api.ts';
import { webSocketApiSpec } from './aws/gateway/websocket-api-spec.ts';
import { requireSecret } from './aws/secrets/secrets.ts';
import { openQueues } from './aws/sqs/queues.ts';
import { sqsApi } from './aws/sqs/sqs-api.ts';
import { sendHomePage } from './home-page.ts';
import { controlApi } from './lab/control/control-api.ts';
import { readSpecs } from './read-specs.ts';
import type { StackContext } from './stack-context.ts';
import { startFunctions } from './start-functions.ts';
import { MEDIA_PROVIDERS, startServices } from './start-services.ts';

/** The secret with the keys that sign tokens. */
const TOKEN_KEYS = 'TokenKeys';

/** Brings up every resource of the cloud assembly in `directory` and returns what the public port forwards to. */
export async function runTemplate(directory: string, context: StackContext): Promise<Backends> {
  const { settings, internal, fakes, log } = context;
  const specs = await readSpecs(directory, context);
  const services = await startServices(context, specs);
  const functions = startFunctions(context, specs, services);
  const { secrets, usage, network, pushEndpoints, caFile } = services;

  const queues = openQueues(specs.find, functions, usage, log);
  const sockets = webSocketApiSpec(specs.find, functions, settings.region);
  const connections: Connections = new Map();
  internal.serve(sqsApi(queues.all, usage));
  internal.serve(managementApi(sockets.stage, connections));
  await Promise.all(functions.map((pool) => pool.warm()));

  const lifetimes = { idleMs: settings.webSocketIdleMs, lifeMs: settings.webSocketLifeMs };
  return {
    home: sendHomePage,
    webSocketPath: `/${sockets.stage}`,
    webSocket: webSocketApi(sockets, connections, lifetimes, usage.sockets),
    http: httpApi(httpApiSpec(specs.find, functions), usage),
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
      keyRing: () => requireSecret(secrets, TOKEN_KEYS).value,
      mediaProviders: () => requireSecret(secrets, MEDIA_PROVIDERS).value,
    }),
  };
}
