import { readFileSync } from 'node:fs';
import type { CallStatus, MemberState } from '#domain/call/call.ts';

/** One row of the table in `docs/ringing.md` that says what a command does. */
export interface Rule {
  readonly by: string;
  readonly states: readonly string[];
  readonly calls: readonly string[];
  readonly command: string;
  readonly handset?: 'same' | 'other';
  /** A state, an error code, `rings`, `unchanged`, or how the call ends. */
  readonly outcome: string;
  /** `call.accepted` → `all`. */
  readonly events: readonly { readonly type: string; readonly to: string }[];
}

/** Who sends a command, and how things stand. */
export interface Situation {
  readonly by: 'stranger' | 'caller' | 'callee';
  readonly state: MemberState | 'none';
  readonly call: CallStatus;
  readonly command: string;
  readonly handset: 'same' | 'other';
  readonly size: 'two' | 'more';
}

const HEADER = '| by ';

/** The rules, in the order in which they count. */
export const RULES: readonly Rule[] = rowsOf(readFileSync('docs/ringing.md', 'utf8')).map(
  ([by = '', states = '', calls = '', sent = '', outcome = '', events = '']) => {
    const [command = '', handset] = sent.split(', ');
    return {
      by,
      states: states.split(', '),
      calls: calls.split(', '),
      command,
      ...(handset && { handset: handset.startsWith('same') ? ('same' as const) : ('other' as const) }),
      outcome: outcome.replaceAll('`', ''),
      events: events === '' ? [] : events.split(', ').map(eventOf),
    };
  },
);

function rowsOf(page: string): string[][] {
  const lines = page.split('\n');
  const first = lines.findIndex((line) => line.startsWith(HEADER)) + 2;
  const end = lines.findIndex((line, i) => i >= first && !line.startsWith('|'));
  return lines.slice(first, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function eventOf(text: string): { type: string; to: string } {
  const [type = '', to = ''] = text.split(' → ');
  return { type: type.replaceAll('`', ''), to };
}

/** The rule for a situation; every one has its rule. */
export function ruleFor(situation: Situation): Rule {
  const rule = RULES.find((one) => fits(one, situation));
  if (!rule) throw new Error(`docs/ringing.md has no rule for ${JSON.stringify(situation)}`);
  return rule;
}

const fits = (rule: Rule, { by, state, call, command, handset, size }: Situation): boolean =>
  ['any', by, `any of ${size}`, `${by} of ${size}`].includes(rule.by) &&
  (rule.states.includes('any') || rule.states.includes(state)) &&
  (rule.calls.includes('any') || rule.calls.includes(call)) &&
  (rule.command === 'any' || rule.command === command) &&
  (rule.handset === undefined || rule.handset === handset);
