import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addDeployment, type Deployment } from '#infra/deployment.ts';
import { readStageFile, type StageSettings, stageOf } from '#infra/stage.ts';

/** A resource as the template has it. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

/** A stage, `dev` if none is named, and settings in the place of those in its file. */
export interface Choice extends Partial<StageSettings> {
  readonly stage?: string;
}

/** The stacks of a stage, in the app of `cdk.json` with more context; without it no function is bundled. */
export function deployment(
  { stage = 'dev', ...given }: Choice = {},
  more: Record<string, unknown> = { 'aws:cdk:bundling-stacks': [] },
): Deployment & { readonly app: App } {
  const app = new App({ context: { ...context, ...more } });
  return { app, ...addDeployment(app, stageOf(stage, { ...readStageFile(stage), ...given })) };
}

/** The templates of the stacks of a stage that has an edge. */
export function templates(choice?: Choice): Readonly<Record<'state' | 'service' | 'edge', Template>> {
  const { state, service, edge } = deployment(choice);
  if (!edge) throw new Error('the app has no edge');
  return { state: Template.fromStack(state), service: Template.fromStack(service), edge: Template.fromStack(edge) };
}

/** What a stage for real people needs. */
export const PRODUCTION = {
  stage: 'prod',
  corsOrigins: ['https://app.example.com'],
  pageEmail: 'oncall@example.com',
  ticketEmail: 'team@example.com',
} as const satisfies Choice;

/** The resources of a type, by logical id. */
export const resources = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.findResources(type) as Record<string, Resource>);

/** The properties of the resource that has this type and name. */
export function propertiesOf(template: Template, type: string, name: string): Record<string, unknown> {
  const found = resources(template, type).find(([id]) => shortName(id) === name);
  if (!found) throw new Error(`there is no ${type} called ${name}`);
  return found[1].Properties;
}

/** The logical id without CDK's hash. */
export const shortName = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

/** The function whose live version a value names, by the function's name in the stack. */
export const liveIn = (value: unknown): string | undefined =>
  /\{"Ref":"(\w+)Live[0-9A-F]{8}"\}/.exec(JSON.stringify(value))?.[1];

/** The logical id that a `Ref` or `Fn::GetAtt` names, without CDK's hash. */
export function referred(value: unknown): string {
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return shortName(reference.Ref ?? reference['Fn::GetAtt']?.[0] ?? '');
}
