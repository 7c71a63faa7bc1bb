import { join } from 'node:path';
import type { Account } from './aws/lambda/account.ts';
import { functionEnvironment, pushVariables } from './aws/lambda/function-environment.ts';
import type { LambdaHost } from './aws/lambda/lambda-host.ts';
import { type Pool, startPool } from './aws/lambda/pool.ts';
import { openEgress } from './lab/network/egress.ts';
import { endpointsOf } from './push/push-fakes.ts';
import type { Specs } from './read-specs.ts';
import type { StackContext } from './stack-context.ts';
import type { Services } from './start-services.ts';

/** Makes a pool of processes for each function. No process starts before `warm()` or the first event. */
export function startFunctions(context: StackContext, specs: Specs, services: Services, account: Account): Pool[] {
  const { settings, internal, keys, fakes, issuer, processes, shares, publicUrl, stopping, log } = context;
  const cached = !settings.likeAws && { compileCache: join(context.scratch, 'compile-cache') };
  const relayed = relayedEndpoints(context);
  /** A key of its own for each process, unless DynamoDB is the user's own, which knows no key but theirs. */
  const credentialsOf = (name: string): Record<string, string> => {
    if (settings.dynamodbEndpoint !== undefined) return settings.credentials;
    const { accessKeyId, secretAccessKey, sessionToken = '' } = keys.issue(specs.roles.get(name)?.name ?? '', name);
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  };
  const host: LambdaHost = {
    processes,
    stopping,
    environment: (spec) =>
      functionEnvironment(
        {
          ...{ ...services, settings, publicUrl, ...cached },
          internalUrl: internal.url,
          webPushOrigin: fakes.webPushOrigin,
          webSocketHosts: specs.webSocketHosts,
          credentials: (spec) => credentialsOf(spec.name),
          issuers: settings.issuers ?? [{ issuer: issuer.url, audience: ['carillon'] }],
        },
        spec,
      ),
    openEgress: () => openEgress(relayed, services.network),
    ...(shares && 'limit' in shares && { limitProcessor: shares.limit }),
    account,
    usage: services.usage,
    log,
  };
  return specs.functions.map((spec) => startPool(spec, host));
}

/** The endpoints of the fakes, which are reached through relays. Push services of the user's own are called directly. */
function relayedEndpoints({ settings, fakes }: StackContext): Record<string, string> {
  const own = pushVariables(settings.pushEndpoints);
  return Object.fromEntries(Object.entries(pushVariables(endpointsOf(fakes))).filter(([name]) => !(name in own)));
}
