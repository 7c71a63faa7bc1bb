/** Does something with each, `atOnce` of them at a time, and returns the results in order. */
export async function eachOf<From, To>(
  all: readonly From[],
  atOnce: number,
  act: (one: From) => Promise<To>,
): Promise<To[]> {
  const results: To[] = [];
  const left = [...all.entries()].toReversed();
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      const [index, one] = next;
      results[index] = await act(one);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
