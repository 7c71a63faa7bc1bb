import type { ColdStart } from './measure-cold-starts.ts';

/** The part of the page about cold starts. */
export function coldStartSection(result: readonly ColdStart[]): string {
  const functions = result.filter(({ kind }) => kind === 'function');
  const libraries = result.filter(({ kind }) => kind === 'library');
  return `## Cold starts

Made by \`npm run bench -- --only cold-start\`. How long a new process of each function takes from its start to its first answer, from the bundle that is deployed and without a compile cache, and how many times as long as a handler that does nothing takes. Its services are the local stack's, over TLS. Figures are medians. _CPU_ is processor time, which counts most on the third of a processor that 512 MB bring in Lambda. _Load_ and _answer_ are parts of it: what the modules add to the empty handler's start, and the first event.

${table(
  ['function', 'first event', 'kB', 'gzip', 'ms', '× empty', 'CPU ms', 'load', 'answer'],
  functions.map((of) => [of.name, of.event, ...figures(of)]),
)}

The empty handler takes ${functions[0]?.empty_ms} ms, and ${functions[0]?.empty_cpu_ms} ms of CPU.

Milliseconds of CPU with one library alone (the SDK's clients share most of theirs): ${libraries.map(({ name, cpu_ms }) => `${name} ${cpu_ms}`).join(', ')}. \`bench-results.json\` lists what is in the bundles.
`;
}

const figures = (of: ColdStart): string[] =>
  [of.bundle_kb, of.gzip_kb, of.start_ms, of.ratio, of.cpu_ms, of.load_cpu_ms, of.answer_cpu_ms].map(String);

/** A table of Markdown, its columns aligned. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
