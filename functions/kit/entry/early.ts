/**
 * Builds what a function works with while it initialises: then Lambda gives it more of a processor than its memory would
 * bring. Where that fails nothing is lost: it is built again, and the error told, when there is work.
 */
export function early(build: () => unknown): void {
  try {
    build();
  } catch {
    // A function that is not configured cannot be built, and tells so with its first event.
  }
}
