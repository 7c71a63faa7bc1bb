import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A resource as a template declares it, with unresolved properties. */
export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A value that one stack exports to the others. */
export interface Export {
  readonly stack: string;
  readonly value: unknown;
}

/** All stacks of a synthesized CDK app. */
export interface Assembly {
  readonly resources: readonly Resource[];
  readonly exports: ReadonlyMap<string, Export>;
  /** The directory of the asset that is deployed as `objectKey`. */
  assetDirectory(objectKey: string): string;
}

const templateFile = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() }))
    .default({}),
});

const assetsFile = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** Reads every template and asset manifest of a cloud assembly directory. */
export async function readAssembly(directory: string): Promise<Assembly> {
  const names = await readdir(directory);
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(directory, name), 'utf8'));
  const templates = await Promise.all(
    names
      .filter((name) => name.endsWith('.template.json'))
      .map(async (name) => ({ stack: name.replace('.template.json', ''), ...templateFile.parse(await read(name)) })),
  );
  if (templates.length === 0) throw new Error(`there is no template in ${directory}`);
  const assets = await Promise.all(
    names.filter((name) => name.endsWith('.assets.json')).map(async (name) => assetsFile.parse(await read(name))),
  );
  return {
    resources: templates.flatMap(({ stack, Resources }) =>
      Object.entries(Resources).map(([id, { Type, Properties }]) => ({
        stack,
        id,
        type: Type,
        properties: Properties,
      })),
    ),
    exports: new Map(templates.flatMap(({ stack, Outputs }) => exportsOf(stack, Outputs))),
    assetDirectory: assetLookup(directory, assets),
  };
}

function exportsOf(stack: string, outputs: z.output<typeof templateFile>['Outputs']): [string, Export][] {
  return Object.values(outputs).flatMap((output): [string, Export][] =>
    output.Export ? [[output.Export.Name, { stack, value: output.Value }]] : [],
  );
}

function assetLookup(directory: string, assets: readonly z.output<typeof assetsFile>[]): Assembly['assetDirectory'] {
  const paths = new Map<string, string>();
  for (const { files } of assets) {
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) paths.set(objectKey, join(directory, source.path));
    }
  }
  return (objectKey) => {
    const path = paths.get(objectKey);
    if (path === undefined) throw new Error(`no asset manifest names ${objectKey}`);
    return path;
  };
}
