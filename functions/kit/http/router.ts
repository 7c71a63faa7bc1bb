import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ServiceError } from '#domain/errors.ts';
import { problemReply, type Route } from './http.ts';

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Hands a request to the first route whose method and path it has; every error leaves as a problem. */
export function router(
  routes: () => readonly Route[],
): (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> {
  let compiled: readonly Compiled[] | undefined;
  return async (event) => {
    try {
      compiled ??= routes().map((route) => ({ route, segments: route.path.split('/') }));
      const { method, path } = event.requestContext.http;
      const segments = path.split('/');
      for (const candidate of compiled) {
        const params = candidate.route.method === method ? match(candidate.segments, segments) : undefined;
        if (params) return await candidate.route.handle(event, params);
      }
      throw new ServiceError('not_found', 'there is nothing here');
    } catch (error) {
      return problemReply(error);
    }
  };
}

/** The parameters of a path that fits the pattern. */
function match(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const actual = path[i] ?? '';
    if (expected.startsWith('{')) params[expected.slice(1, -1)] = decoded(actual);
    else if (expected !== actual) return undefined;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign: no id has one, so validation names it.
    return segment;
  }
}
