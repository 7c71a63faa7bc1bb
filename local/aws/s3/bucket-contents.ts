import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { z } from 'zod';
import { fitsPattern } from '../cloudfront/path-pattern.ts';
import type { Assembly } from '../template/assembly.ts';
import type { Find } from '../template/template.ts';

/** A file as a bucket has it. */
export interface StoredObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const deployment = z.object({
  SourceObjectKeys: z.array(z.string()),
  /** For each source, what the deployment writes into its files in the place of these texts. */
  SourceMarkers: z.array(z.record(z.string(), z.string())).default([]),
  SourceMarkersConfig: z.array(z.object({ jsonEscape: z.boolean().default(false) })).default([]),
  DestinationBucketName: z.string(),
  DestinationBucketKeyPrefix: z.string(),
  Include: z.array(z.string()).default([]),
  Exclude: z.array(z.string()).default([]),
  SystemMetadata: z.record(z.string(), z.string()).default({}),
});

type Deployment = z.output<typeof deployment>;

/** What the deployment tells S3 of a file by its name. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

/** The files that the template deploys into a bucket, by their keys. */
export async function bucketContents(
  find: Find,
  assembly: Assembly,
  bucket: string,
): Promise<ReadonlyMap<string, StoredObject>> {
  const deployments = find('Custom::CDKBucketDeployment', deployment)
    .map(({ properties }) => properties)
    .filter(({ DestinationBucketName }) => DestinationBucketName === bucket);
  return new Map((await Promise.all(deployments.map((of) => filesOf(of, assembly)))).flat());
}

async function filesOf(of: Deployment, assembly: Assembly): Promise<[string, StoredObject][]> {
  const sources = of.SourceObjectKeys.map(async (key, i) => {
    const directory = assembly.assetDirectory(key);
    const paths = (await pathsIn(directory)).filter((path) => isDeployed(path, of));
    return paths.map(async (path): Promise<[string, StoredObject]> => {
      const read = await readFile(join(directory, path));
      const headers = { ...of.SystemMetadata, 'content-type': TYPES[extname(path)] ?? 'binary/octet-stream' };
      return [`${of.DestinationBucketKeyPrefix}/${path}`, { body: withValues(read, of, i), headers }];
    });
  });
  return Promise.all((await Promise.all(sources)).flat());
}

async function pathsIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}

/** As in `aws s3 cp`: what is excluded is included again by a later pattern, and the deployment puts `Include` last. */
const isDeployed = (path: string, { Include, Exclude }: Deployment): boolean =>
  Include.some((pattern) => fitsPattern(pattern, path)) || !Exclude.some((pattern) => fitsPattern(pattern, path));

/** The content with the values that are known only when the template is deployed. */
function withValues(content: Buffer, { SourceMarkers, SourceMarkersConfig }: Deployment, source: number): Buffer {
  const markers = Object.entries(SourceMarkers[source] ?? {});
  if (markers.length === 0) return content;
  const written = SourceMarkersConfig[source]?.jsonEscape
    ? (value: string) => JSON.stringify(value).slice(1, -1)
    : (value: string) => value;
  return Buffer.from(
    markers.reduce((text, [marker, value]) => text.replaceAll(marker, () => written(value)), content.toString()),
  );
}
