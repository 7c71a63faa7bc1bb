import { z } from 'zod';

/** Where the local stack is, unless it was started on another port. */
export const LOCAL_STACK = 'http://127.0.0.1:8181';

/** No stack answered a request to `url`: an error that says what to do. */
export function noStackAt(url: string, error: unknown): Error {
  const { cause = error } = error instanceof Error ? error : {};
  const why = Object(cause).code ?? Object(cause).message ?? String(cause);
  return new Error(
    `no stack answers at ${url} (${why}): start one with npm start, or name another with --url or --stage`,
  );
}

/** What the local stack at `url` tells of a part of itself. An error says that no stack is there, or another one. */
export async function localPart<S extends z.ZodType>(url: string, path: string, schema: S): Promise<z.output<S>> {
  const answer = await fetch(new URL(path, url)).catch((error: unknown) => {
    throw noStackAt(url, error);
  });
  const read = schema.safeParse(answer.ok ? await answer.json() : undefined);
  if (!read.success) throw new Error(`${url} is not a local stack: name a deployed one with --stage`);
  return read.data;
}

const secrets = z.object({ endpoint: z.url(), secrets: z.array(z.object({ name: z.string() })) });

/** Where the local stack at `url` has its secrets, and which. */
export async function localSecrets(url: string): Promise<{ endpoint: string; names: readonly string[] }> {
  const { endpoint, secrets: all } = await localPart(url, '/_local/secrets', secrets);
  return { endpoint, names: all.map(({ name }) => name) };
}

/** The secret with the webhooks, on a local stack that has events. */
export const WEBHOOKS = 'Webhooks';

/** The options of an AWS client for the services that the local stack has at `endpoint`. */
export const localClient = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

/** The private networks that the functions of the local stack may reach: this machine. */
export const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1/128'];
