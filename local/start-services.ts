import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dynamodbApi, tableAccesses } from './aws/dynamodb/dynamodb-api.ts';
import { createTables } from './aws/dynamodb/table.ts';
import { type Buses, openBuses } from './aws/eventbridge/bus.ts';
import type { InternalService } from './aws/internal-server.ts';
import { openSecrets, requireSecret, type Secrets } from './aws/secrets/secrets.ts';
import { secretsApi } from './aws/secrets/secrets-api.ts';
import { meteredDynamodb } from './lab/metering/dynamodb/metered-dynamodb.ts';
import { openUsage, type Usage } from './lab/metering/usage.ts';
import type { Network } from './lab/network/egress.ts';
import { localAgora } from './media-providers.ts';
import { endpointsOf, type PushEndpoints } from './push/push-fakes.ts';
import type { Specs } from './read-specs.ts';
import type { StackContext } from './stack-context.ts';

/** What the functions call while they run, apart from the queues and the gateway, which call them as well. */
export interface Services {
  readonly secrets: Secrets;
  /** Counts what AWS would bill. */
  readonly usage: Usage;
  /** How the network between the functions and the push services behaves; tests change it. */
  readonly network: Network;
  /** The address of DynamoDB as the functions see it. */
  readonly dynamodbUrl: string;
  readonly buses: Buses;
  /** The stream of each table that has one. */
  readonly streamArns: ReadonlyMap<string, string>;
  readonly pushEndpoints: PushEndpoints;
  /** A file with the certificates that the functions trust. */
  readonly caFile: string;
}

/** The secret that the template leaves empty, for an operator to put the push providers' credentials in. */
const PUSH_PROVIDERS = 'PushProviders';

/** The secret that says which backend is asked before a ring. */
const RING_HOOK = 'RingHook';
/** The secret that says where the app's backend is told of calls. */
const WEBHOOKS = 'Webhooks';
/** The secret that it leaves empty for the media providers. */
export const MEDIA_PROVIDERS = 'MediaProviders';

/** Creates the tables and the secrets, and fills in the credentials that the fakes of FCM and APNs accept. */
export async function startServices(context: StackContext, specs: Specs): Promise<Services> {
  const { settings, internal, fakes } = context;
  const [caFile, secrets, streamArns] = await Promise.all([
    writeCaFile(context),
    openSecrets(specs.secrets, settings.dataDirectory),
    createTables(specs.find, context.dynamodbUrl, settings),
  ]);
  await secrets.put(requireSecret(secrets, PUSH_PROVIDERS), JSON.stringify(fakes.providersSecret));
  if (settings.webhooks) await secrets.put(requireSecret(secrets, WEBHOOKS), JSON.stringify(settings.webhooks));
  if (settings.ringHook) await secrets.put(requireSecret(secrets, RING_HOOK), JSON.stringify(settings.ringHook));
  const media = settings.mediaProviders ?? localAgora();
  await secrets.put(requireSecret(secrets, MEDIA_PROVIDERS), JSON.stringify(media));
  internal.serve(secretsApi(secrets));
  const usage = openUsage(settings.metersTable);
  if (settings.guardsTable) internal.serve(dynamodbOf(context, specs, usage));
  const buses = openBuses(specs.find, settings.region);
  internal.serve(buses);
  return {
    secrets,
    usage,
    buses,
    streamArns,
    network: { dropFrozenAfterMs: undefined },
    dynamodbUrl: settings.guardsTable ? internal.url : context.dynamodbUrl,
    pushEndpoints: { ...endpointsOf(fakes), ...settings.pushEndpoints },
    caFile,
  };
}

/** The embedded DynamoDB, behind what checks rights, and counts if it is metered. */
function dynamodbOf({ settings, dynamodbUrl }: StackContext, { find }: Specs, usage: Usage): InternalService {
  const service = settings.metersTable ? meteredDynamodb(dynamodbUrl, usage) : dynamodbApi(dynamodbUrl);
  const tables = find('AWS::DynamoDB::GlobalTable', z.object({}));
  const accesses = tableAccesses((name) => tables.find(({ ref }) => ref === name)?.arn ?? name);
  return { ...service, accessesOf: ({ headers }, body) => accesses(headers['x-amz-target'], String(body)) };
}

/** Writes the user's own certificates and those of the fakes into one file. */
async function writeCaFile({ settings, scratch, fakes }: StackContext): Promise<string> {
  const own = settings.extraCaCerts === undefined ? '' : await readFile(settings.extraCaCerts, 'utf8');
  const file = join(scratch, 'ca.pem');
  await writeFile(file, `${own}\n${fakes.caPem}`);
  return file;
}
