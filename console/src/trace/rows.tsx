import { useState } from 'preact/hooks';
import type { TraceEvent } from '#client/wire.ts';
import { UserText } from '../parts/user-text.tsx';
import { clockOf } from '../parts/when.tsx';
import { kindOf, serviceName, wordsOf } from './words.ts';

/** More rows are shown when somebody asks for them. */
const AT_ONCE = 200;

/** The trace in words, row by row. It says all that the picture shows. */
export function TraceRows({ trace, startedAt }: { readonly trace: readonly TraceEvent[]; readonly startedAt: number }) {
  const [shown, setShown] = useState(AT_ONCE);
  const rows = trace.slice(0, shown);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="overflow-auto" aria-label="The trace in words" tabIndex={0}>
        <table class="rows">
          <caption>
            What happened, {trace.length === 1 ? 'one row' : `${trace.length.toLocaleString('en')} rows`}
          </caption>
          <thead>
            <tr>
              <th scope="col">After</th>
              <th scope="col">At</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Phone</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={`${row.at} ${i}`} class={`row-${kindOf(row)}`}>
                <td class="number">{`${Date.parse(row.at) - startedAt} ms`}</td>
                <td class="number">{clockOf(row.at)}</td>
                <td>{row.user_id !== undefined && <UserText>{row.user_id}</UserText>}</td>
                <td class="what">
                  <UserText>{wordsOf(row)}</UserText>
                </td>
                <td>
                  <UserText>{phoneOf(row)}</UserText>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {trace.length > shown && (
        <button type="button" class="outline small" onClick={() => setShown(trace.length)}>
          Show all {trace.length.toLocaleString('en')} rows
        </button>
      )}
    </>
  );
}

/** What is known of the phone of a row. */
export const phoneOf = ({ provider, device, hardware_id, connection_id }: TraceEvent): string =>
  [
    device !== undefined && `${serviceName(provider)} …${device}`,
    hardware_id,
    connection_id !== undefined && `socket ${connection_id}`,
  ]
    .filter(Boolean)
    .join(' ');
