import { z } from 'zod';
import type { HttpHost } from './aws/gateway/http-host.ts';
import { webSocketHosts } from './aws/gateway/websocket-api-spec.ts';
import { functionRoles, type Role } from './aws/iam/roles.ts';
import { type FunctionSpec, functionSpecs } from './aws/lambda/function-spec.ts';
import { bucketContents } from './aws/s3/bucket-contents.ts';
import { bucketHost } from './aws/s3/bucket-host.ts';
import { type DeclaredSecret, declaredSecrets } from './aws/secrets/secret-values.ts';
import { readAssembly } from './aws/template/assembly.ts';
import { bucketDomain } from './aws/template/physical.ts';
import { type Find, templateReader } from './aws/template/template.ts';
import type { StackContext } from './stack-context.ts';

/** What the templates declare. */
export interface Specs {
  readonly functions: readonly FunctionSpec[];
  /** By the names of the functions. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly secrets: readonly DeclaredSecret[];
  /** The host names that the WebSocket APIs have on AWS. The functions' environment names them. */
  readonly webSocketHosts: readonly string[];
  /** The buckets by their host names, with the files that the template deploys into them. */
  readonly buckets: readonly (readonly [string, HttpHost])[];
  /** Finds the resources that are read where they are started: tables, queues and APIs. */
  readonly find: Find;
}

/** Reads the cloud assembly in `directory`, with every reference resolved to an address on this machine. */
export async function readSpecs(directory: string, { settings, internal }: StackContext): Promise<Specs> {
  const assembly = await readAssembly(directory);
  const find = templateReader(assembly, { region: settings.region, internalUrl: internal.url });
  const functions = functionSpecs(find, assembly).map((spec) => ({
    ...spec,
    memoryMb: settings.memoryMb ?? spec.memoryMb,
  }));
  const buckets = find('AWS::S3::Bucket', z.object({})).map(
    async ({ ref }) =>
      [bucketDomain(ref, settings.region), bucketHost(await bucketContents(find, assembly, ref))] as const,
  );
  return {
    functions,
    roles: functionRoles(find, functions),
    secrets: declaredSecrets(find),
    webSocketHosts: webSocketHosts(find, settings.region),
    buckets: await Promise.all(buckets),
    find,
  };
}
