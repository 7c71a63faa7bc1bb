import type * as z from 'zod';
import { type Answer, api } from '../client.ts';
import { LOCAL_STACK, noStackAt } from '../local-stack.ts';

/** A stack to ring on: the address of its REST API, and a server token for it. */
export interface Stack {
  readonly url: string;
  readonly token: string;
}

/** A request to a stack. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/** A refusal by the stack, with its code if it has one. */
export class Refused extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** The stack at `url`. A local stack gives anybody a server token. */
export async function stackAt(url: string = LOCAL_STACK, token?: string): Promise<Stack> {
  if (token !== undefined) return { url, token };
  const body = { claims: { role: 'server' }, expires_in_s: 600 };
  const answer = await answerOf({ url }, { method: 'POST', path: '/_local/tokens', body });
  if (answer.status !== 200) {
    throw new Error(
      `${url} is not a local stack, so a server token is needed: give one with --token or CARILLON_SERVER_TOKEN, or name a --stage`,
    );
  }
  return { url, token: answer.body.token };
}

/** Sends a request. Any answer that does not fit `schema` is an error, which says what to do. */
export async function ask<S extends z.ZodType>(stack: Stack, schema: S, request: Request): Promise<z.output<S>> {
  const answer = await answerOf(stack, request);
  if (answer.status >= 400) throw new Refused(refusal(stack, answer), answer.body?.code);
  const read = schema.safeParse(answer.body);
  if (!read.success) throw new Error(notCarillon(stack.url));
  return read.data;
}

async function answerOf(
  { url, token }: { readonly url: string; readonly token?: string },
  { method, path, body }: Request,
): Promise<Answer> {
  try {
    return await api(url).request(method, path, { ...(token !== undefined && { token }), ...(body && { body }) });
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(notCarillon(url));
    throw noStackAt(url, error);
  }
}

function refusal({ url }: Stack, { status, body }: Answer): string {
  if (status === 401 || body?.code === 'not_allowed') {
    return `${url} does not accept this as a server token: give one of that stack with --token or CARILLON_SERVER_TOKEN, or name a --stage`;
  }
  if (status === 429 || status >= 500) return `${url} is not available (${status}): try again later`;
  if (body?.code === undefined) return notCarillon(url);
  return `${url} refuses the request: ${body.detail} (${body.code})`;
}

const notCarillon = (url: string): string =>
  `the server at ${url} is not Carillon: give the address of the REST API with --url, without a path`;
