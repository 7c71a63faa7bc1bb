import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle, ROOT } from '#infra/constructs/bundle.ts';

/** The parts of each library that the functions use. */
const USED: Readonly<Record<string, string>> = {
  zod: "import * as z from 'zod'; export const used = z.object({ id: z.string() });",
  '@aws-sdk/lib-dynamodb': `
    export { ConditionalCheckFailedException, DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
    export { BatchGetCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
    export { PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';`,
  '@aws-sdk/client-sqs': "export { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';",
  '@aws-sdk/client-apigatewaymanagementapi':
    "export { ApiGatewayManagementApiClient, GetConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';",
  '@aws-lambda-powertools/parameters': "export { getSecret } from '@aws-lambda-powertools/parameters/secrets';",
  '@aws-lambda-powertools/logger':
    "import { Logger } from '@aws-lambda-powertools/logger'; export const used = new Logger({ serviceName: 'bench' });",
  jose: "export { jwtVerify, SignJWT } from 'jose';",
  uuid: "export { v5 } from 'uuid';",
  'node:http2': "export { connect } from 'node:http2';",
};

/** A function that only loads a library. */
export interface Loader {
  readonly name: string;
  readonly directory: string;
  readonly metafile: Metafile;
}

/** Bundles each library alone, as the functions are bundled, with a handler that does nothing. */
export async function bundleLibraries(scratch: string): Promise<Loader[]> {
  // Within the repository, so that packages are found.
  const entries = join(ROOT, '.cache', 'cold-start');
  await mkdir(entries, { recursive: true });
  const loaders: Loader[] = [];
  for (const [name, used] of Object.entries(USED)) {
    const file = name.replaceAll(/[^a-z0-9]+/g, '-');
    const entry = join(entries, `${file}.ts`);
    await writeFile(entry, `${used}\nexport const handler = async () => ({});\n`);
    const directory = join(scratch, file);
    loaders.push({ name, directory, metafile: bundle(entry, join(directory, 'index.mjs')) });
  }
  return loaders;
}

/** The directory of a handler that does nothing and loads nothing. */
export async function emptyHandler(scratch: string): Promise<string> {
  const directory = join(scratch, 'empty');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'index.mjs'), 'export const handler = async () => ({});\n');
  return directory;
}
