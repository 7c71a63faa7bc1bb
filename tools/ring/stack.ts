import { z } from 'zod';
import { LOCAL_STACK, noStackAt } from '../local-stack.ts';

/** A stack to ask: the address of its REST API, and a server or operator token for it. */
export interface Stack {
  readonly url: string;
  readonly token: string;
}

/** A stack to ring on. */
export interface RingingStack extends Stack {
  /** A token by which a user takes part in a call. */
  tokenOf(userId: string): Promise<string>;
}

/** A request to a stack. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

const minted = z.object({ token: z.string() });

/** The stack at `url`. A local stack gives anybody a server token, also one that acts for a user. */
export async function stackAt(url: string = LOCAL_STACK, token?: string): Promise<RingingStack> {
  if (token !== undefined) return stackWith({ url, token });
  const mint = async (claims: object): Promise<string> => {
    const request = { method: 'POST', path: '/_local/tokens', body: { claims, expires_in_s: 600 } };
    const { status, body } = await answerOf({ url }, request);
    if (status === 200) return minted.parse(body).token;
    throw new Error(
      `${url} is not a local stack, so a server token is needed: give one with --token or CARILLON_SERVER_TOKEN, or name a --stage`,
    );
  };
  return {
    url,
    token: await mint({ role: 'server' }),
    tokenOf: (user_id) => mint({ role: 'server', user_id }),
  };
}

/** A stack for which somebody has given a server token: by it a user gets a login. */
const stackWith = (stack: Stack): RingingStack => ({
  ...stack,
  async tokenOf(userId) {
    // A stack at which anybody may mint would mint by a login, too.
    await ask(stack, z.object({}), { method: 'GET', path: `/api/v2/users/${encodeURIComponent(userId)}` });
    const request = { method: 'POST', path: '/v1/api/callStreams', body: { userId } };
    return (await ask(stack, minted, request)).token;
  },
});

/** Sends a request. Any answer that does not fit `schema` is an error, which says what to do. */
export async function ask<S extends z.ZodType>(stack: Stack, schema: S, request: Request): Promise<z.output<S>> {
  const { status, body } = await answerOf(stack, request);
  if (status >= 400) throw new Error(refusal(stack, status, body));
  const read = schema.safeParse(body);
  if (!read.success) throw new Error(notCarillon(stack.url));
  return read.data;
}

async function answerOf(
  { url, token }: { readonly url: string; readonly token?: string },
  { method, path, body }: Request,
): Promise<{ readonly status: number; readonly body: unknown }> {
  try {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(notCarillon(url));
    throw noStackAt(url, error);
  }
}

const problem = z.object({ code: z.string(), detail: z.string() });

function refusal({ url }: Stack, status: number, body: unknown): string {
  const { code, detail } = problem.safeParse(body).data ?? {};
  if (status === 401 || code === 'not_allowed') {
    return `${url} does not accept this as a server token: give one of that stack with --token or CARILLON_SERVER_TOKEN, or name a --stage`;
  }
  if (status === 429 || status >= 500) return `${url} is not available (${status}): try again later`;
  return code === undefined ? notCarillon(url) : refused(url, `${detail} (${code})`);
}

/** Says that a stack refuses something, and why. */
export const refused = (url: string, why: string): string => `${url} refuses the request: ${why}`;

const notCarillon = (url: string): string =>
  `the server at ${url} is not Carillon: give the address of the REST API with --url, without a path`;
