import { z } from 'zod';
import type { LambdaFunction } from '../lambda/invocation.ts';
import { apiHost } from '../template/physical.ts';
import type { Find, Found } from '../template/template.ts';
import { type AuthorizerSpec, authorizerSpec } from './authorizer.ts';
import { targetOf } from './integration-target.ts';

/** What a route does with a message: it calls a function, or answers with a fixed text. */
export type RouteTarget =
  | { readonly kind: 'function'; readonly target: LambdaFunction; readonly timeoutMs: number }
  | { readonly kind: 'mock'; readonly answer: string };

/** One route of a WebSocket API. */
export interface Route {
  readonly key: string;
  readonly target: RouteTarget;
  /** Whether the client is sent the integration's result. */
  readonly responds: boolean;
  readonly authorizer: AuthorizerSpec | undefined;
}

/** A WebSocket API of the template. */
export interface WebSocketApiSpec {
  readonly apiId: string;
  readonly arn: string;
  readonly domainName: string;
  readonly stage: string;
  /** The path in a message's JSON whose value selects the route. */
  readonly selection: readonly string[];
  readonly routes: ReadonlyMap<string, Route>;
}

const SELECTION = '$request.body.';
const api = z.object({
  ProtocolType: z.string(),
  RouteSelectionExpression: z
    .string()
    .startsWith(SELECTION, 'the local stack supports only $request.body.<path>')
    .optional(),
});
const stage = z.object({ ApiId: z.string(), StageName: z.string() });
const route = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'CUSTOM']).default('NONE'),
  AuthorizerId: z.string().optional(),
  RouteResponseSelectionExpression: z.string().optional(),
});
const routeResponse = z.object({ RouteId: z.string(), RouteResponseKey: z.literal('$default') });
const templates = z
  .record(z.string(), z.string().regex(/^[^$#]*$/, 'the local stack supports only plain text templates'))
  .default({});
const integration = z.object({
  ApiId: z.string(),
  IntegrationType: z.enum(['AWS_PROXY', 'MOCK', 'HTTP_PROXY']),
  IntegrationUri: z.string().optional(),
  RequestTemplates: templates,
  TimeoutInMillis: z.coerce.number().default(29_000),
});
const integrationResponse = z.object({
  IntegrationId: z.string(),
  IntegrationResponseKey: z.string(),
  ResponseTemplates: templates,
});

type Integration = z.output<typeof integration>;

/** The host names that the template's WebSocket APIs have on AWS. */
export const webSocketHosts = (find: Find, region: string): string[] =>
  declaredApis(find).map(({ ref }) => apiHost(ref, region));

const declaredApis = (find: Find): Found<z.output<typeof api>>[] =>
  find('AWS::ApiGatewayV2::Api', api).filter(({ properties: of }) => of.ProtocolType === 'WEBSOCKET');

/** Reads the template's WebSocket APIs. */
export function webSocketApiSpecs(
  find: Find,
  functions: readonly LambdaFunction[],
  region: string,
): WebSocketApiSpec[] {
  const stages = find('AWS::ApiGatewayV2::Stage', stage);
  return declaredApis(find).map(({ id, ref, properties: of }) => {
    const own = stages.find(({ properties }) => properties.ApiId === ref);
    if (!own) throw new Error(`${id}: the WebSocket API has no stage`);
    return {
      apiId: ref,
      arn: `arn:aws:execute-api:${region}:000000000000:${ref}`,
      domainName: apiHost(ref, region),
      stage: own.properties.StageName,
      selection: (of.RouteSelectionExpression ?? '').slice(SELECTION.length).split('.'),
      routes: readRoutes(find, functions, ref),
    };
  });
}

function readRoutes(find: Find, functions: readonly LambdaFunction[], apiId: string): Map<string, Route> {
  const responding = new Set(
    find('AWS::ApiGatewayV2::RouteResponse', routeResponse).map((of) => of.properties.RouteId),
  );
  const integrations = find('AWS::ApiGatewayV2::Integration', integration);
  const routes = find('AWS::ApiGatewayV2::Route', route).filter(({ properties: of }) => of.ApiId === apiId);
  return new Map(
    routes.map(({ id, ref, properties: of }) => {
      const target = integrations.find((candidate) => of.Target === `integrations/${candidate.ref}`);
      if (!target) throw new Error(`${id}: there is no integration ${of.Target}`);
      const entry: Route = {
        key: of.RouteKey,
        target: routeTarget(find, functions, target),
        responds: of.RouteResponseSelectionExpression !== undefined && responding.has(ref),
        authorizer: of.AuthorizerId === undefined ? undefined : authorizerSpec(find, functions, of.AuthorizerId),
      };
      return [of.RouteKey, entry];
    }),
  );
}

function routeTarget(
  find: Find,
  functions: readonly LambdaFunction[],
  { id, ref, properties: of }: { id: string; ref: string; properties: Integration },
): RouteTarget {
  if (of.IntegrationType === 'AWS_PROXY') {
    return { kind: 'function', target: targetOf(of.IntegrationUri ?? '', functions), timeoutMs: of.TimeoutInMillis };
  }
  if (of.IntegrationType !== 'MOCK') throw new Error(`${id}: the local stack does not support ${of.IntegrationType}`);
  const { statusCode } = JSON.parse(Object.values(of.RequestTemplates)[0] ?? '{}');
  const response = find('AWS::ApiGatewayV2::IntegrationResponse', integrationResponse)
    .map(({ properties }) => properties)
    .find(({ IntegrationId, IntegrationResponseKey: key }) => {
      return IntegrationId === ref && (key === '$default' || key === `/${statusCode}/`);
    });
  return { kind: 'mock', answer: Object.values(response?.ResponseTemplates ?? {})[0] ?? '' };
}
