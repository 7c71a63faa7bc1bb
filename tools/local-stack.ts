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
