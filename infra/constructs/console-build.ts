import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Stage } from '../stage.ts';
import { ROOT } from './bundle.ts';

const CONSOLE = join(ROOT, 'console');

/** The web console, built by Vite. The names of all its files but index.html and the icon contain a hash of their content. */
export const consoleBuild = ({ phones }: Pick<Stage, 'phones'>): ISource =>
  Source.asset(CONSOLE, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-pulled'),
      // CDK bundles the same source and command only once.
      command: ['console', phones ? 'with phones' : ''],
      local: {
        tryBundle(directory) {
          buildConsole(directory, { phones });
          return true;
        },
      },
    },
  });

/** Builds the console into a directory, which is emptied first. */
export function buildConsole(directory: string, { phones }: Pick<Stage, 'phones'>): void {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const options = ['--mode', phones ? 'phones' : 'production', '--outDir', directory, '--emptyOutDir'];
  execFileSync(process.execPath, [vite, 'build', CONSOLE, ...options, '--logLevel', 'warn'], {
    stdio: ['ignore', 2, 2],
  });
}
