/** Makes a value when it is first needed and keeps it. Calls are marked pure, so that a bundle leaves out what its function does not use. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
