import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ServiceError } from '#domain/errors.ts';
import type { Reply } from './reply.ts';
import type { Route } from './route.ts';

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Hands a request to the first route that its method and path match. */
export function router(
  routes: () => readonly Route[],
): (event: APIGatewayProxyEventV2, signal: AbortSignal) => Promise<Reply> {
  let compiled: readonly Compiled[] | undefined;
  return async (event, signal) => {
    compiled ??= routes().map((route) => ({ route, segments: route.path.split('/') }));
    const { method, path } = event.requestContext.http;
    const segments = path.split('/');
    for (const candidate of compiled) {
      const params = candidate.route.method === method ? match(candidate.segments, segments) : undefined;
      if (params) return candidate.route.handle({ event, path: params, signal });
    }
    throw new ServiceError('not_found', 'there is no such route');
  };
}

/** The parameters in `path`, if it fits the pattern. */
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
    // A stray percent sign. No id contains one, so validation refuses it by name.
    return segment;
  }
}
