import type { LambdaFunction } from '../lambda/invocation.ts';

/** The function that the URI of an integration or authorizer names, by its ARN or by an invocation path around it. */
export function targetOf(uri: string, functions: readonly LambdaFunction[]): LambdaFunction {
  const name = /:function:([\w-]+)/.exec(uri)?.[1];
  const found = functions.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`there is no function for ${uri}`);
  return found;
}

/** Rejects if `work` takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new IntegrationTimeout()), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The integration took longer than the gateway waits. */
export class IntegrationTimeout extends Error {}
