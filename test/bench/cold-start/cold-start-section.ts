import type { Part } from '../../../tools/bundles/contents.ts';
import type { ColdStart } from './measure-cold-starts.ts';

/** Packages of fewer bytes are not named. */
const WORTH_NAMING = 5000;

/** The part of the page about cold starts. */
export function coldStartSection(result: readonly ColdStart[]): string {
  const functions = result.filter(({ kind }) => kind === 'function');
  const libraries = result.filter(({ kind }) => kind === 'library');
  return `## Cold starts

How long a new process of each function takes from its start to its first answer, from the bundle that is deployed, and how many times as long as a handler that does nothing takes in the same run. Table, queues, secrets, connections and push services are the local stack's, reached over TLS as AWS's are. The starts of all functions take turns; each figure is a median. There is no compile cache, as at a function's first start in Lambda. _CPU_ is what a processor worked for it, which other load on the machine moves less: on the third of a processor that 512 MB bring in Lambda it is what takes the time. _Load_ and _answer_ are parts of it: what reading, compiling and running the modules adds to the empty handler's start, and the first event. What a function builds once it builds while it loads, when Lambda gives it more of a processor.

${table(
  ['function', 'first event', 'kB', 'gzip', 'ms', '× empty', 'CPU ms', '× empty', 'load', 'answer'],
  functions.map((of) => [of.name, of.event, ...figures(of)]),
)}

The empty handler takes ${functions[0]?.empty_ms} ms, and ${functions[0]?.empty_cpu_ms} ms of CPU.

What each library costs that is loaded alone, by what the functions use of it; the SDK's clients share most of theirs:

${table(
  ['library', 'kB', 'gzip', 'ms', '× empty', 'CPU ms', '× empty', 'load', 'answer'],
  libraries.map((of) => [of.name, ...figures(of)]),
)}

What is in the bundles, in kB, and by which imports it came into the first of them that has it:

${table(['package', ...names(functions), 'by'], packages(functions))}
`;
}

const figures = (of: ColdStart): string[] =>
  [of.bundle_kb, of.gzip_kb, of.start_ms, of.ratio, of.cpu_ms, of.cpu_ratio, of.load_cpu_ms, of.answer_cpu_ms].map(
    String,
  );

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
  return [...largest.values()].map(({ name, via }) => [
    name,
    ...names(functions).map((of) => kilobytes(of, name)),
    via.slice(1, -1).join(' → '),
  ]);
}

/** A table of Markdown, its columns aligned. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
