import { readFile, writeFile } from 'node:fs/promises';

const PAGE = 'docs/benchmarks.md';

/** Writes one part of the page of benchmarks, and keeps what other commands have written there. */
export async function writePart(name: string, text: string): Promise<void> {
  await writeFile(PAGE, withPart(await readFile(PAGE, 'utf8'), name, text));
}

/** The page with `text` between the marks of a part, or at the end if the page has no such part yet. */
export function withPart(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const part = `${begin}\n\n${text.trim()}\n\n${end}`;
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 && to === -1) return `${page.trimEnd()}\n\n${part}\n`;
  if (from === -1 || to < from) throw new Error(`the page's part ${name} has lost one of its marks`);
  return page.slice(0, from) + part + page.slice(to + end.length);
}
