import { z } from 'zod';
import type { LambdaFunction } from '../lambda/invocation.ts';
import { apiHost } from '../template/physical.ts';
import type { Find } from '../template/template.ts';
import type { CorsRules } from './cors.ts';
import { targetOf } from './integration-target.ts';

/** The HTTP API of the template: a single route for every request. */
export interface HttpApiSpec {
  readonly apiId: string;
  /** The host name that the API has on AWS. */
  readonly domainName: string;
  readonly cors: CorsRules | undefined;
  readonly target: LambdaFunction;
  readonly timeoutMs: number;
}

const api = z.object({
  ProtocolType: z.string(),
  CorsConfiguration: z
    .object({
      AllowOrigins: z.array(z.string()).default([]),
      AllowMethods: z.array(z.string()).default([]),
      AllowHeaders: z.array(z.string()).default([]),
      ExposeHeaders: z.array(z.string()).default([]),
      AllowCredentials: z.coerce.boolean().default(false),
      MaxAge: z.coerce.number().optional(),
    })
    .optional(),
});
const route = z.object({ ApiId: z.string(), RouteKey: z.string(), Target: z.string() });
const integration = z.object({
  ApiId: z.string(),
  IntegrationUri: z.string().optional(),
  PayloadFormatVersion: z.string().optional(),
  TimeoutInMillis: z.coerce.number().default(30_000),
});

/** Reads the template's HTTP API. */
export function httpApiSpec(find: Find, functions: readonly LambdaFunction[], region: string): HttpApiSpec {
  const found = find('AWS::ApiGatewayV2::Api', api).filter(({ properties: of }) => of.ProtocolType === 'HTTP');
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`the template has ${found.length} HTTP APIs, not one`);
  const routes = find('AWS::ApiGatewayV2::Route', route).filter(({ properties: of }) => of.ApiId === only.ref);
  const [first] = routes;
  if (first?.properties.RouteKey !== '$default' || routes.length > 1) {
    throw new Error(`the local stack supports one $default route, not ${routes.map((of) => of.properties.RouteKey)}`);
  }
  const target = find('AWS::ApiGatewayV2::Integration', integration).find(
    ({ ref }) => first.properties.Target === `integrations/${ref}`,
  );
  if (target?.properties.PayloadFormatVersion !== '2.0')
    throw new Error('the HTTP API has no integration of format 2.0');
  return {
    apiId: only.ref,
    domainName: apiHost(only.ref, region),
    cors: only.properties.CorsConfiguration,
    target: targetOf(target.properties.IntegrationUri ?? '', functions),
    timeoutMs: target.properties.TimeoutInMillis,
  };
}
