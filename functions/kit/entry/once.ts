/** Makes a value when it is first asked for, and keeps it: what a function builds once per cold start. Calls are marked pure, so that a bundle leaves out what its function does not use. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
