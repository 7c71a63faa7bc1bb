/** What a text holds that should be JSON; undefined if it is none. JSON.parse quotes the text in its message, and it may be a secret. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
