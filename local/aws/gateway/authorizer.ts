import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { LambdaFunction } from '../lambda/invocation.ts';
import type { Find } from '../template/template.ts';
import { targetOf } from './integration-target.ts';

/** A REQUEST authorizer of a WebSocket API. */
export interface AuthorizerSpec {
  readonly target: LambdaFunction;
  /** If one of these is missing, the request is refused without asking the authorizer. */
  readonly identitySource: readonly string[];
}

/** An authorizer's decision: the status of a refusal, or the context that later events carry in `requestContext.authorizer`. */
export type Verdict = { readonly refused: 401 | 403 | 500 } | { readonly context: Readonly<Record<string, string>> };

const properties = z.object({
  AuthorizerType: z.literal('REQUEST'),
  AuthorizerUri: z.string(),
  IdentitySource: z.array(z.string()).default([]),
});

/** Reads the authorizer `id` of the template. */
export function authorizerSpec(find: Find, functions: readonly LambdaFunction[], id: string): AuthorizerSpec {
  const found = find('AWS::ApiGatewayV2::Authorizer', properties).find(({ ref }) => ref === id);
  if (!found) throw new Error(`there is no authorizer ${id}`);
  return {
    target: targetOf(found.properties.AuthorizerUri, functions),
    identitySource: found.properties.IdentitySource,
  };
}

/** Asks the authorizer about one connection. Answers are not cached. */
export async function authorize(
  spec: AuthorizerSpec,
  request: IncomingMessage,
  event: object,
  methodArn: string,
): Promise<Verdict> {
  if (!spec.identitySource.every((source) => identity(request, source))) return { refused: 401 };
  try {
    return verdictOf(await spec.target.invoke({ ...event, type: 'REQUEST', methodArn }), methodArn);
  } catch (error) {
    return { refused: error instanceof Error && error.message === 'Unauthorized' ? 401 : 500 };
  }
}

function identity(request: IncomingMessage, source: string): string | null | undefined {
  const [, kind, name = ''] = /^route\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (kind === 'header') return request.headers[name.toLowerCase()]?.toString();
  return new URL(request.url ?? '/', 'http://gateway').searchParams.get(name);
}

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const answer = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: list, Resource: list })),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

function verdictOf(result: unknown, methodArn: string): Verdict {
  const read = answer.safeParse(result);
  if (!read.success) return { refused: 500 };
  const { principalId, policyDocument, context = {} } = read.data;
  const matching = policyDocument.Statement.filter(
    ({ Action, Resource }) => matches(Action, 'execute-api:Invoke') && matches(Resource, methodArn),
  );
  const allowed = matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
  if (!allowed) return { refused: 403 };
  const given = Object.entries(context).filter(([, value]) => value !== null);
  return { context: { ...Object.fromEntries(given.map(([key, value]) => [key, String(value)])), principalId } };
}

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${escaped}$`, 'i').test(text);
  });
}
