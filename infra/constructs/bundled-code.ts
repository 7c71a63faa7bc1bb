import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle, ROOT } from './bundle.ts';

/** The file `entry` as one ES module; `files` are copied beside it, for the function to read. */
export const bundledCode = (entry: string, files: readonly string[] = []): Code =>
  Code.fromAsset(ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-pulled'),
      // CDK bundles the same source and command only once.
      command: [entry, ...files],
      local: {
        tryBundle: (directory) => {
          bundle(entry, join(directory, 'index.mjs'));
          for (const file of files) copyFileSync(join(ROOT, file), join(directory, basename(file)));
          return true;
        },
      },
    },
  });
