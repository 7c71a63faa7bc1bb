import { jsonOf } from './check.ts';
import { CarillonError } from './errors.ts';
import { refusalOfAnswer } from './refusal.ts';
import { later, soon } from './timers.ts';
import type { Tokens } from './tokens.ts';

const PATIENCE_MS = 10_000;
/** The pauses before a request is repeated, if it failed in a way that may pass. */
const PAUSES_MS = [500, 1000, 2000];

/** The REST API, with a token. */
export class Rest {
  readonly #origin: string;
  readonly #tokens: Pick<Tokens, 'get' | 'refuse'>;

  constructor(origin: string, tokens: Pick<Tokens, 'get' | 'refuse'>) {
    this.#origin = origin;
    this.#tokens = tokens;
  }

  /** Sends a request, again if that may help, and returns the body of the answer. */
  async request<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    for (const pause of [...PAUSES_MS, undefined]) {
      try {
        return await this.#authorized<Answer>(method, path, body);
      } catch (error) {
        if (pause === undefined || !mayPass(error)) throw error;
        await new Promise<void>((resolve) => soon(pause * (0.5 + Math.random()), resolve));
      }
    }
    throw new CarillonError('offline', 'the server could not be reached');
  }

  /** Sends a request once; after a refused token with the next one, if there is one. */
  async #authorized<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const token = await this.#tokens.get();
    try {
      return await this.once<Answer>(method, path, token, body);
    } catch (error) {
      if (!(error instanceof CarillonError && error.status === 401)) throw error;
      this.#tokens.refuse(token);
      const next = await this.#tokens.get();
      if (next === token) throw error;
      return await this.once<Answer>(method, path, next, body);
    }
  }

  /** Sends a request with this token, once. */
  async once<Answer>(method: string, path: string, token: string, body?: object): Promise<Answer> {
    const abort = new AbortController();
    const done = later(PATIENCE_MS, () => abort.abort());
    try {
      const response = await fetch(this.#origin + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: jsonOf('what was passed', body) }),
        signal: abort.signal,
      });
      const text = await response.text();
      if (response.ok) {
        const answer = JSON.parse(text === '' ? 'null' : text);
        // What is looked at is something, whatever it is.
        if (method === 'GET' && (typeof answer !== 'object' || !answer)) throw new SyntaxError('not an object');
        return answer;
      }
      throw refusalOfAnswer(response.status, readProblem(text), response.headers.get('retry-after'));
    } catch (cause) {
      if (cause instanceof CarillonError) throw cause;
      if (cause instanceof SyntaxError) {
        throw new CarillonError('not_carillon', `something else than Carillon answers at ${this.#origin}`, { cause });
      }
      throw new CarillonError('offline', `${this.#origin} could not be reached`, { cause });
    } finally {
      done();
    }
  }
}

/** Also a 429 that does not say when to come back: API Gateway's, for all clients together. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof CarillonError)) return false;
  const { code, status = 0, retryAfterMs } = error;
  return code === 'offline' || status >= 500 || (status === 429 && retryAfterMs === undefined);
}

function readProblem(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}
