import { z } from 'zod';
import type { LambdaFunction } from '../lambda/invocation.ts';
import { apiHost } from '../template/physical.ts';
import type { Find } from '../template/template.ts';
import type { CorsRules } from './cors.ts';
import { targetOf } from './integration-target.ts';

/** The HTTP API of the template. */
export interface HttpApiSpec {
  readonly apiId: string;
  /** The host name that the API has on AWS. */
  readonly domainName: string;
  readonly cors: CorsRules | undefined;
  readonly routes: readonly HttpRoute[];
}

/** A route of an HTTP API. */
export interface HttpRoute {
  readonly key: string;
  readonly rank: number;
  readonly method: string | undefined;
  readonly path: RegExp;
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
  const integrations = find('AWS::ApiGatewayV2::Integration', integration);
  const routed = routes.map(({ properties: { RouteKey: key, Target } }): HttpRoute => {
    const to = integrations.find(({ ref }) => Target === `integrations/${ref}`);
    if (to?.properties.PayloadFormatVersion !== '2.0') throw new Error(`${key} has no integration of format 2.0`);
    const { IntegrationUri: uri = '', TimeoutInMillis: timeoutMs } = to.properties;
    return { ...matcherOf(key), key, target: targetOf(uri, functions), timeoutMs };
  });
  return {
    apiId: only.ref,
    domainName: apiHost(only.ref, region),
    cors: only.properties.CorsConfiguration,
    // The most specific one counts: a path, then a greedy one, then what catches all others.
    routes: routed.toSorted((a, b) => b.rank - a.rank),
  };
}

const GREEDY = /\/\{\w+\+\}$/;

/** Which requests a route takes: all, those of a path, or those below one. */
function matcherOf(key: string): Pick<HttpRoute, 'rank' | 'method' | 'path'> {
  if (key === '$default') return { rank: 0, method: undefined, path: /^/ };
  const [method = '', path = ''] = key.split(' ');
  const isGreedy = GREEDY.test(path);
  const plain = path.replace(GREEDY, '');
  if (plain.includes('{')) throw new Error(`the local stack supports no variables inside of a path: ${key}`);
  const literal = plain.replaceAll('.', '\\.');
  return {
    rank: isGreedy ? 1 : 2,
    method: method === 'ANY' ? undefined : method,
    path: new RegExp(`^${literal}${isGreedy ? '/' : '$'}`),
  };
}
