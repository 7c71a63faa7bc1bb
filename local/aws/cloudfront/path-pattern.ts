/** Whether a path fits a pattern of a behaviour: `*` stands for any text, `?` for one character, and case matters. */
export function fitsPattern(pattern: string, path: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`).test(path);
}
