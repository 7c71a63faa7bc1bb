import { duration } from '../trace/words.ts';
import { bucketsOf } from './buckets.ts';
import type { Sample } from './sample.ts';

const WIDTH = 480;
const HEIGHT = 120;
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clock = (at: number): string => CLOCK.format(at);

/** How many pushes were taken and how many were not, over time. */
export function AcceptanceChart({ sample }: { readonly sample: Sample }) {
  const buckets = bucketsOf(sample);
  const most = Math.max(1, ...buckets.map(({ taken, failed }) => taken + failed));
  const step = WIDTH / buckets.length;
  return (
    <figure class="chart">
      <figcaption>
        Pushes taken <span class="key key-taken" aria-hidden="true" /> and refused{' '}
        <span class="key key-failed" aria-hidden="true" />
      </figcaption>
      <svg viewBox={`0 -14 ${WIDTH} ${HEIGHT + 32}`} width="100%" aria-hidden="true">
        <defs>
          <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" class="hatch-back" />
            <rect width="3" height="6" class="hatch-line" />
          </pattern>
        </defs>
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} class="track" />
        {buckets.map(({ from, taken, failed }, i) => {
          const [low, high] = [(taken / most) * HEIGHT, (failed / most) * HEIGHT];
          return (
            <g key={from}>
              <rect x={i * step + 3} width={step - 6} y={HEIGHT - low} height={low} class="bar-taken" />
              <rect
                x={i * step + 3}
                width={step - 6}
                y={HEIGHT - low - high}
                height={high}
                fill="url(#hatch)"
                class="bar-failed"
              />
            </g>
          );
        })}
        <text x="0" y="-3" class="tick">{`${most} pushes`}</text>
        <Times from={sample.from} to={sample.to} />
      </svg>
      <Twin
        columns={['From', 'Taken', 'Refused']}
        rows={buckets
          .filter(({ taken, failed }) => taken + failed > 0)
          .map((bucket) => [clock(bucket.from), bucket.taken, bucket.failed])}
      />
    </figure>
  );
}

const Times = ({ from, to }: { readonly from: number; readonly to: number }) => (
  <>
    <text x="0" y={HEIGHT + 15} class="tick">
      {clock(from)}
    </text>
    <text x={WIDTH} y={HEIGHT + 15} class="tick" text-anchor="end">
      {clock(to)}
    </text>
  </>
);

/** The same as the chart, for whoever does not see it. */
const Twin = ({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}) => (
  <details>
    <summary>As a table</summary>
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={`${i} ${row[0]}`}>
            {row.map((cell, column) => (
              <td key={columns[column]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </details>
);

const LINES_MS = [10, 100, 1000, 10_000];
const FASTEST_MS = 5;
const SLOWEST_MS = 45_000;
const heightOf = (ms: number): number => {
  const part =
    Math.log(Math.min(SLOWEST_MS, Math.max(FASTEST_MS, ms)) / FASTEST_MS) / Math.log(SLOWEST_MS / FASTEST_MS);
  return HEIGHT * (1 - part);
};

/** How long each ring took to be with a push service, over time. */
export function SpeedChart({ sample: { rings, from, to } }: { readonly sample: Sample }) {
  const placeOf = (at: number): number => 44 + ((at - from) / Math.max(1, to - from)) * (WIDTH - 52);
  return (
    <figure class="chart">
      <figcaption>Time from a ring to its first accepted push, one dot a ring</figcaption>
      <svg viewBox={`0 -14 ${WIDTH} ${HEIGHT + 32}`} width="100%" aria-hidden="true">
        {LINES_MS.map((ms) => (
          <g key={ms}>
            <line x1="44" x2={WIDTH} y1={heightOf(ms)} y2={heightOf(ms)} class="grid" />
            <text x="0" y={heightOf(ms) + 4} class="tick">
              {duration(ms)}
            </text>
          </g>
        ))}
        {rings.map(({ at, ms }, i) => (
          <circle key={`${at} ${i}`} cx={placeOf(at)} cy={heightOf(ms)} r="4" class="dot" />
        ))}
        <Times from={from} to={to} />
      </svg>
      <Twin columns={['Ring at', 'Taken after']} rows={rings.map(({ at, ms }) => [clock(at), duration(ms)])} />
    </figure>
  );
}
