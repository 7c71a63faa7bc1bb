import type * as z from 'zod';
import { type Answer, api } from '../client.ts';

/** A stack to ring on: where its REST API is, and a server token for it. */
export interface Stack {
  readonly url: string;
  readonly token: string;
}

const LOCAL = 'http://127.0.0.1:8181';

/** A refusal by the stack, with its code where it gives one. */
export class Refused extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** The stack at `url`; one that runs locally gives a server token to everybody. */
export async function stackAt(url: string = LOCAL, token?: string): Promise<Stack> {
  if (token !== undefined) return { url, token };
  const body = { claims: { role: 'server' }, expires_in_s: 600 };
  const answer = await answerOf({ url }, 'POST', '/_local/tokens', body);
  if (answer.status !== 200) {
    throw new Error(
      `${url} is no local stack, which would give a server token: give one by --token or CARILLON_SERVER_TOKEN, or name the --stage`,
    );
  }
  return { url, token: answer.body.token };
}

/** Asks a stack; anything but the answer that `schema` describes is an error that says what to do. */
export async function ask<S extends z.ZodType>(
  stack: Stack,
  schema: S,
  method: string,
  path: string,
  body?: object,
): Promise<z.output<S>> {
  const answer = await answerOf(stack, method, path, body);
  if (answer.status >= 400) throw new Refused(refusal(stack, answer), answer.body?.code);
  const read = schema.safeParse(answer.body);
  if (!read.success) throw new Error(strange(stack.url));
  return read.data;
}

async function answerOf(
  { url, token }: { readonly url: string; readonly token?: string },
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  try {
    return await api(url).request(method, path, { ...(token !== undefined && { token }), ...(body && { body }) });
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(strange(url));
    const { cause = error } = error instanceof Error ? error : {};
    const why = Object(cause).code ?? Object(cause).message;
    throw new Error(
      `no stack answers at ${url} (${why}): start one with npm start, or name another by --url or --stage`,
    );
  }
}

function refusal({ url }: Stack, { status, body }: Answer): string {
  if (status === 401 || body?.code === 'not_allowed') {
    return `${url} does not take this as a server token: give one of that stack by --token or CARILLON_SERVER_TOKEN, or name the --stage`;
  }
  if (status === 429 || status >= 500) return `${url} is not available (${status}): try again in a while`;
  if (body?.code === undefined) return strange(url);
  return `${url} refuses it: ${body.detail} (${body.code})`;
}

const strange = (url: string): string =>
  `what answers at ${url} is no Carillon: give the address of the REST API by --url, without a path`;
