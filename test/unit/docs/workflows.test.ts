import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowTemplate } from '@actions/workflow-parser';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const scratch = mkdtempSync(join(tmpdir(), 'carillon-workflows-'));
afterAll(() => rmSync(scratch, { recursive: true }));

// GitHub's own parser imports JSON in a way that bundlers alone understand.
const bundle = join(scratch, 'parser.cjs');
await build({
  stdin: { contents: "export * from '@actions/workflow-parser'", resolveDir: import.meta.dirname },
  bundle: true,
  platform: 'node',
  outfile: bundle,
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow }: typeof import('@actions/workflow-parser') =
  createRequire(import.meta.url)(bundle);

const folder = new URL('../../../.github/workflows/', import.meta.url);

/** A workflow as GitHub reads it, with what GitHub finds wrong. */
async function read(name: string): Promise<WorkflowTemplate> {
  const content = readFileSync(new URL(name, folder), 'utf8');
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (!value) throw new Error(context.errors.getErrors().join('\n'));
  return await convertWorkflowTemplate(context, value);
}

describe('the workflows', () => {
  it.each(['audit.yml', 'deploy.yml', 'deploy-stage.yml'])('%s is one that GitHub accepts', async (name) => {
    expect((await read(name)).errors ?? []).toEqual([]);
  });

  it('deploys dev after the checks, and prod after dev', async () => {
    const { jobs } = await read('deploy.yml');
    const needs = jobs.map(({ id, needs: before }) => [String(id), before?.map(String)]);
    expect(needs).toEqual([
      ['checks', undefined],
      ['dev', ['checks']],
      ['prod', ['dev']],
    ]);
    for (const job of jobs.slice(1)) {
      if (job.type !== 'reusableWorkflowJob') throw new Error(`${job.id} is not deployed as the others are`);
      expect(String(job.ref)).toBe('./.github/workflows/deploy-stage.yml');
      expect(JSON.stringify(job['input-values'])).toContain(String(job.id));
    }
  });

  it('signs in by a short-lived token, and keeps no key', () => {
    const text = ['deploy.yml', 'deploy-stage.yml'].map((name) => readFileSync(new URL(name, folder), 'utf8')).join();
    expect(text).toContain('id-token: write');
    expect(text).not.toMatch(/secrets\.|access-key/);
  });
});
