import type { Part } from '../../../tools/bundles/contents.ts';
import type { ColdStart } from './measure-cold-starts.ts';

/** Packages of fewer bytes are not named. */
const WORTH_NAMING = 10_000;

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

What each library costs if it is loaded alone. The SDK's clients share most of theirs:

${table(
  ['library', 'kB', 'gzip', 'CPU ms'],
  libraries.map((of) => [of.name, ...[of.bundle_kb, of.gzip_kb, of.cpu_ms].map(String)]),
)}

What is in the bundles, in kB, from 10 kB on:

${table(['package', ...names(functions)], packages(functions))}
`;
}

const figures = (of: ColdStart): string[] =>
  [of.bundle_kb, of.gzip_kb, of.start_ms, of.ratio, of.cpu_ms, of.load_cpu_ms, of.answer_cpu_ms].map(String);

const names = (functions: readonly ColdStart[]): string[] => [...new Set(functions.map(({ name }) => name))];

function packages(functions: readonly ColdStart[]): string[][] {
  const largest = new Map<string, Part>();
  for (const part of functions.flatMap(({ parts }) => parts)) {
    if (part.bytes >= WORTH_NAMING && !largest.has(part.name)) largest.set(part.name, part);
  }
  const kilobytes = (name: string, part: string): string => {
    const bytes = functions.find((of) => of.name === name)?.parts.find((of) => of.name === part)?.bytes;
    return bytes === undefined ? '' : (bytes / 1000).toFixed(1);
  };
  return [...largest.keys()].map((name) => [name, ...names(functions).map((of) => kilobytes(of, name))]);
}

/** A table of Markdown, its columns aligned. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
