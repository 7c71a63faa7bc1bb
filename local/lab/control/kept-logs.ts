import { z } from 'zod';
import { parseBody } from '../../json.ts';

/** How many lines are kept. */
const MAX_LINES = 10_000;

const logLine = z.looseObject({ level: z.string(), message: z.string(), timestamp: z.iso.datetime({ offset: true }) });

/** A line of a function's log. */
export type LogLine = z.output<typeof logLine> & { readonly function: string };

const window = z.object({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

/** What the functions have logged, metrics left out. */
export interface KeptLogs {
  /** Keeps a line, if it is one of a function. */
  keep(line: string): void;
  /** The lines of a stretch of time, oldest first. Each other parameter names a field and the value that it must have. */
  find(query: URLSearchParams): readonly LogLine[];
}

/** Keeps the latest lines that the functions log, as CloudWatch Logs would. */
export function keptLogs(): KeptLogs {
  const lines: LogLine[] = [];
  return {
    keep(line) {
      const [, name, text] = /^\[(\w+)\] (\{.*\})$/.exec(line) ?? [];
      const read = name === undefined || text === undefined ? undefined : logLine.safeParse(parseBody(text));
      if (name === undefined || !read?.success) return;
      lines.push({ ...read.data, function: name });
      if (lines.length > MAX_LINES) lines.shift();
    },
    find(query) {
      const { from, to, ...fields } = Object.fromEntries(query);
      const [earliest, latest] = momentsOf(window.parse({ from, to }));
      return lines.filter((line) => {
        const at = Date.parse(line.timestamp);
        return at >= earliest && at <= latest && Object.entries(fields).every(([name, value]) => line[name] === value);
      });
    },
  };
}

const momentsOf = ({ from, to }: z.output<typeof window>): [number, number] => [
  from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
  to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
];
