import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle } from '#infra/constructs/bundle.ts';
import budgets from '../../tools/bundles/budgets.json' with { type: 'json' };
import { contentsOf } from '../../tools/bundles/contents.ts';
import { deployment } from './synthesized.ts';

const { app, service } = deployment({ events: true }, { 'aws:cdk:bundling-stacks': ['**'] });
const assembly = app.synth();
afterAll(() => rmSync(assembly.directory, { recursive: true }));

interface FunctionTemplate {
  readonly Type: string;
  readonly Properties: { readonly Description: string; readonly Code: { readonly S3Key: string } };
}

const { Resources } = assembly.getStackArtifact(service.artifactId).template;
const bundles = Object.values<FunctionTemplate>(Resources)
  .filter(({ Type }) => Type === 'AWS::Lambda::Function')
  .map(({ Properties }): [string, string] => [Properties.Description, Properties.Code.S3Key.replace('.zip', '')]);

/** The bundles that log what is wrong with a message. */
const queueBundles = bundles.filter(([description]) =>
  ['Pushes to phones', 'Ring deadlines and vanish graces', 'Calls webhooks'].includes(description),
);

describe('the bundles', () => {
  it('are one for each function', () => {
    expect(new Set(bundles.map(([, hash]) => hash)).size).toBe(10);
  });

  it('have the sizes that the budgets are checked against, to the byte', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'carillon-bundles-'));
    const sizes = Object.keys(budgets).map((entry) => contentsOf(bundle(entry, join(scratch, 'index.mjs'))).bytes);
    rmSync(scratch, { recursive: true });
    const deployed = bundles.map(([, hash]) => statSync(join(assembly.directory, `asset.${hash}`, 'index.mjs')).size);
    expect(sizes.toSorted()).toEqual(deployed.toSorted());
  });

  it.each(bundles)('load in a plain Node and export a handler: %s', (_, hash) => {
    const load = "import('./index.mjs').then((bundle) => process.stdout.write(Object.keys(bundle).join()))";
    const exported = execFileSync(process.execPath, ['-e', load], { cwd: join(assembly.directory, `asset.${hash}`) });
    expect(exported.toString()).toBe('handler');
  });

  it.each(queueBundles)('name the source line of an error: %s', (_, hash) => {
    const event = { Records: [{ messageId: 'm1', body: '{', attributes: {} }] };
    const run = `import('./index.mjs').then(({ handler }) => handler(${JSON.stringify(event)}))`;
    const cwd = join(assembly.directory, `asset.${hash}`);
    const { stderr } = spawnSync(process.execPath, ['-e', run], { cwd });
    const { error } = JSON.parse(stderr.toString());
    expect(error.stack).toMatch(/^\s+at .*functions\/kit\/queue\/[a-z-]+\.ts:\d+:\d+/m);
  });
});
