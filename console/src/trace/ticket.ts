import type { CallResource, Trace } from '#client/wire.ts';
import { phoneOf } from './rows.tsx';
import { wordsOf } from './words.ts';

/** All that is known of a call, as text for a ticket. */
export function ticketOf({ call, members }: CallResource, { verdict, verdicts, trace }: Trace): string {
  const started = Date.parse(trace.find(({ event }) => event === 'ring.requested')?.at ?? call.created_at);
  const about = Object.entries({
    Call: call.cid,
    'Called by': call.created_by.id,
    Created: call.created_at,
    State: [call.status, call.ended_reason, call.ended_by && `by ${call.ended_by}`].filter(Boolean).join(', '),
    Verdict: verdict,
  }).map(([name, value]) => `${name}: ${value}`);
  const people = members.map(({ user_id, state, reason }) => {
    const own = verdicts.find((each) => each.user_id === user_id)?.verdict;
    return `- ${[user_id, [state, reason].filter(Boolean).join(' '), own].filter(Boolean).join(': ')}`;
  });
  const rows = trace.map((row) => {
    const after = `${Date.parse(row.at) - started} ms`.padStart(10);
    return [after, row.user_id ?? '', row.event, wordsOf(row), phoneOf(row)].filter(Boolean).join('  ');
  });
  return [...about, '', 'Members:', ...people, '', 'Trace:', ...rows, ''].join('\n');
}
