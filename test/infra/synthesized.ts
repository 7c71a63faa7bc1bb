import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addDeployment, type Deployment } from '#infra/deployment.ts';

/** A resource as the template has it. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const { context: settings } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

/** The app of `cdk.json` with more context, without bundling its functions. */
export function deployment(context: Record<string, unknown> = {}): Deployment & { readonly app: App } {
  const app = new App({ context: { ...settings, 'aws:cdk:bundling-stacks': [], ...context } });
  return { app, ...addDeployment(app) };
}

/** The templates of the app, with its edge. */
export function templates(context?: Record<string, unknown>): Readonly<Record<'state' | 'service' | 'edge', Template>> {
  const { state, service, edge } = deployment(context);
  if (!edge) throw new Error('the app has no edge');
  return { state: Template.fromStack(state), service: Template.fromStack(service), edge: Template.fromStack(edge) };
}

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

/** The logical id that a `Ref` or `Fn::GetAtt` names, without CDK's hash. */
export function referred(value: unknown): string {
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return shortName(reference.Ref ?? reference['Fn::GetAtt']?.[0] ?? '');
}
