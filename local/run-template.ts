import { distribution } from './aws/cloudfront/distribution.ts';
import { distributionSpec } from './aws/cloudfront/distribution-spec.ts';
import { openStreams } from './aws/dynamodb-streams/streams.ts';
import type { Connections } from './aws/gateway/connections.ts';
import type { Backends } from './aws/gateway/front-door.ts';
import { httpApi } from './aws/gateway/http-api.ts';
import { httpApiSpec } from './aws/gateway/http-api-spec.ts';
import { type HttpHost, httpApiHost, webSocketApiHost } from './aws/gateway/http-host.ts';
import { managementApi } from './aws/gateway/management-api.ts';
import { webSocketApi } from './aws/gateway/websocket-api.ts';
import { webSocketApiSpecs } from './aws/gateway/websocket-api-spec.ts';
import { openGuard } from './aws/iam/guard.ts';
import { requireLambdaNeeds } from './aws/iam/lambda-needs.ts';
import { openAccount } from './aws/lambda/account.ts';
import { requireSecret } from './aws/secrets/secrets.ts';
import { openQueues } from './aws/sqs/queues.ts';
import { sqsApi } from './aws/sqs/sqs-api.ts';
import { sendHomePage } from './home-page.ts';
import { controlApi } from './lab/control/control-api.ts';
import { keptLogs } from './lab/control/kept-logs.ts';
import { lateBy } from './lab/delays/delays.ts';
import { readSpecs } from './read-specs.ts';
import type { StackContext } from './stack-context.ts';
import { startFunctions } from './start-functions.ts';
import { MEDIA_PROVIDERS, startServices } from './start-services.ts';

/** The secret with the keys that sign tokens. */
const TOKEN_KEYS = 'TokenKeys';

/** Brings up every resource of the cloud assembly in `directory` and returns what the public port forwards to. */
export async function runTemplate(directory: string, context: StackContext): Promise<Backends> {
  const { settings, internal, delays, fakes, issuer, log } = context;
  const specs = await readSpecs(directory, context);
  const services = await startServices(context, specs);
  const logs = keptLogs();
  const logged = (line: string): void => {
    logs.keep(line);
    log(line);
  };
  const account = openAccount();
  const guard = openGuard({ keys: context.keys, roles: specs.roles });
  internal.guard(guard);
  requireLambdaNeeds(specs.find, guard, specs.roles);
  const functions = startFunctions({ ...context, log: logged }, specs, services, account);
  const { secrets, usage, network, pushEndpoints, caFile } = services;

  const queues = openQueues(specs.find, functions, usage, log, delays && (() => delays.nextMs('sqs_hop')));
  const { streamArns, buses } = services;
  const { dynamodbUrl, stopping } = context;
  const streams = await openStreams({
    find: specs.find,
    functions: lateBy(delays, ['stream_hop'], functions),
    ...{ queues, usage, dynamodbUrl, streamArns, settings, stopping, log },
  });
  const behindGateway = lateBy(delays, ['gateway', 'invocation'], functions);
  const rest = httpApiSpec(specs.find, behindGateway, settings.region);
  const hosts = new Map<string, HttpHost>([[rest.domainName, httpApiHost(httpApi(rest, usage))], ...specs.buckets]);
  const connections: Connections[] = [];
  const lifetimes = { idleMs: settings.webSocketIdleMs, lifeMs: settings.webSocketLifeMs };
  internal.serve(sqsApi(queues.all, usage));
  for (const api of webSocketApiSpecs(specs.find, behindGateway, settings.region)) {
    const own: Connections = new Map();
    connections.push(own);
    internal.serve(managementApi(api, own));
    hosts.set(api.domainName, webSocketApiHost(webSocketApi(api, own, lifetimes, usage.sockets)));
  }
  const edge = distribution(distributionSpec(specs.find, secrets), hosts, { originIdleMs: settings.edgeIdleMs, log });
  await Promise.all(functions.map((pool) => pool.warm()));

  return {
    home: sendHomePage,
    hostOf: (name) => hosts.get(name ?? '') ?? edge,
    control: controlApi({
      connections,
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
      issuer,
      logs,
      shares: context.shares,
      internalUrl: internal.url,
      push: { endpoints: pushEndpoints, caFile },
      keyRing: () => requireSecret(secrets, TOKEN_KEYS).value,
      mediaProviders: () => requireSecret(secrets, MEDIA_PROVIDERS).value,
    }),
  };
}
