import { check, FUNCTION, type Kind, TOKEN } from './check.ts';
import { CarillonError } from './errors.ts';

/** A login token, or a function that fetches one. */
export type TokenSource = string | (() => string | Promise<string>);

const SOURCE: Kind = [
  'a login token, or a function that fetches one',
  (value) => TOKEN[1](value) || FUNCTION[1](value),
];

/** A token that expires sooner is asked for again. */
const MARGIN_MS = 30_000;

/** The token that the client shows, asked for when there is none that is good. */
export class Tokens {
  readonly #source: TokenSource;
  readonly #now: () => number;
  #token: string | undefined;
  #asking: Promise<string> | undefined;

  /** `now` is the server's clock, in ms. */
  constructor(source: TokenSource, now: () => number) {
    this.#source = typeof source === 'string' ? source.trim() : source;
    check('options.token', this.#source, SOURCE);
    this.#now = now;
  }

  /** Whether there may be another token than the one that was refused. */
  get canAskAgain(): boolean {
    return typeof this.#source === 'function';
  }

  /** The current token, or the next one. */
  async get(): Promise<string> {
    if (typeof this.#source === 'string') return this.#token ?? this.#source;
    if (this.#token !== undefined && expiryOf(this.#token) - this.#now() > MARGIN_MS) return this.#token;
    this.#asking ??= ask(this.#source).finally(() => {
      this.#asking = undefined;
    });
    this.#token = await this.#asking;
    return this.#token;
  }

  /** Uses this one from now on. */
  set(token: string): void {
    this.#token = token;
  }

  /** Never shows this one again, if there can be another. */
  refuse(token: string): void {
    if (this.#token === token) this.#token = undefined;
  }
}

async function ask(source: () => string | Promise<string>): Promise<string> {
  try {
    const token = await source();
    if (typeof token === 'string' && TOKEN[1](token.trim())) return token.trim();
  } catch (cause) {
    throw new CarillonError('token_failed', 'the token function failed', { cause });
  }
  throw new CarillonError('token_failed', 'the token function returned no token');
}

/** When a JWT expires, in ms; one that cannot be read is left to the server to judge. */
function expiryOf(token: string): number {
  try {
    const { exp }: { exp?: unknown } = JSON.parse(
      atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')),
    );
    return typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
