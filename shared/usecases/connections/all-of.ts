/** Like `Promise.all`, but waits for all of them also when one is rejected; then it is rejected as the first of those. */
export async function allOf<Works extends readonly unknown[]>(
  works: Works,
): Promise<{ -readonly [Index in keyof Works]: Awaited<Works[Index]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
