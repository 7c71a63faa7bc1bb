import { useState } from 'preact/hooks';
import { UserText } from '../parts/user-text.tsx';
import type { Lane, LaneGroup, Mark, Picture } from './lanes.ts';
import { SHAPES } from './mark.ts';
import { placeOf, ticksOf } from './scale.ts';
import { Sign, SignIcon } from './sign.tsx';
import { duration } from './words.ts';

/** More people than these are drawn when somebody asks for them. */
const GROUPS_AT_ONCE = 12;
/** Marks that are closer than this, as a part of the axis, go above each other. */
const CLOSE = 0.022;
/** How many marks are above each other at most; more of them become a number. */
const STACK = 3;
const LEVEL_PX = 18;

/** The ring as a picture: a lane for each phone, time to the right. Its text twin is the table below it. */
export function TracePicture({ picture, endMs }: { readonly picture: Picture; readonly endMs: number }) {
  const [showsAll, setShowsAll] = useState(false);
  const end = Math.max(endMs, picture.lastAt, 1000);
  const shown = showsAll ? picture.groups : picture.groups.slice(0, GROUPS_AT_ONCE);
  const hidden = picture.groups.length - shown.length;
  return (
    <figure class="picture" aria-label="The ring as a picture. The table below says the same in words.">
      <Axis end={end} />
      {shown.map((group) => (
        <Group key={group.userId ?? ''} group={group} end={end} />
      ))}
      {hidden > 0 && (
        <button type="button" class="outline small" onClick={() => setShowsAll(true)}>
          Draw {hidden} more {hidden === 1 ? 'person' : 'people'}
        </button>
      )}
      <Legend groups={shown} />
    </figure>
  );
}

function Axis({ end }: { readonly end: number }) {
  return (
    <div class="lane axis" aria-hidden="true">
      <div class="lane-name">after the ring was asked for</div>
      <svg class="strip" width="100%" height="18" aria-hidden="true">
        {ticksOf(end).map(({ place, label, isMinor }) => (
          <text key={label} x={percent(place)} y="13" class={isMinor ? 'tick tick-minor' : 'tick'} text-anchor="middle">
            {label}
          </text>
        ))}
      </svg>
    </div>
  );
}

const Group = ({ group: { userId, verdict, lanes }, end }: { readonly group: LaneGroup; readonly end: number }) => (
  <section class="lane-group">
    <h3>
      {userId === undefined ? 'The call' : <UserText>{userId}</UserText>}
      {verdict !== undefined && <small> {verdict}</small>}
    </h3>
    {lanes.map((lane) => (
      <LaneStrip key={lane.key} lane={lane} end={end} />
    ))}
    {lanes.length === 0 && <p class="lane-empty">Nothing is known of their phones.</p>}
  </section>
);

function LaneStrip({ lane, end }: { readonly lane: Lane; readonly end: number }) {
  const placed = stacked(lane.marks, end);
  const height = Math.max(...placed.map(({ level }) => level), 0) * LEVEL_PX + 26;
  const rings = ringing(lane.marks, end);
  return (
    <div class="lane">
      <div class="lane-name">
        {lane.label !== '' && <UserText>{lane.label}</UserText>}
        <span class="lane-words">{inShort(lane.marks)}</span>
      </div>
      <svg class="strip" width="100%" height={height} aria-hidden="true">
        {ticksOf(end).map(({ place }) => (
          <line key={place} x1={percent(place)} x2={percent(place)} y1="0" y2="100%" class="grid" />
        ))}
        <line x1="0" x2="100%" y1={height - 13} y2={height - 13} class="track" />
        {rings && (
          <rect
            class="ringing"
            x={percent(rings.from)}
            width={width(rings.to - rings.from)}
            y={height - 18}
            height="10"
            rx="3"
          />
        )}
        {placed.map(({ mark, place, level, more }) => (
          <svg
            key={`${mark.at} ${mark.kind} ${mark.words}`}
            x={percent(place)}
            y={height - 13 - level * LEVEL_PX}
            overflow="visible"
          >
            <title>{`${mark.words}, after ${duration(mark.at)}`}</title>
            {more > 0 ? <text class="more" text-anchor="middle" y="4">{`+${more}`}</text> : <Sign kind={mark.kind} />}
          </svg>
        ))}
        {lane.marks.map(
          ({ from, at, words }) =>
            from !== undefined && (
              <line
                key={`${from} ${words}`}
                class="wait"
                x1={percent(placeOf(from, end))}
                x2={percent(placeOf(at, end))}
                y1={height - 2}
                y2={height - 2}
              />
            ),
        )}
      </svg>
    </div>
  );
}

const ORDER: readonly string[] = Object.keys(SHAPES);

/** Only the signs that the picture has. */
function Legend({ groups }: { readonly groups: readonly LaneGroup[] }) {
  const used = new Set(groups.flatMap(({ lanes }) => lanes.flatMap(({ marks }) => marks.map(({ kind }) => kind))));
  const kinds = [...used].toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return (
    <figcaption class="legend">
      {kinds.map((kind) => (
        <span key={kind}>
          <SignIcon kind={kind} />
          {SHAPES[kind].legend}
        </span>
      ))}
    </figcaption>
  );
}

interface Placed {
  readonly mark: Mark;
  readonly place: number;
  readonly level: number;
  /** How many marks this one stands for, apart from itself. */
  readonly more: number;
}

/** Puts marks that would cover each other above each other. */
function stacked(marks: readonly Mark[], end: number): Placed[] {
  const placed: { mark: Mark; place: number; level: number; more: number }[] = [];
  for (const mark of marks) {
    const place = placeOf(mark.at, end);
    const before = placed.at(-1);
    if (!before || place - before.place > CLOSE) placed.push({ mark, place, level: 0, more: 0 });
    else if (before.level < STACK - 1) placed.push({ mark, place, level: before.level + 1, more: 0 });
    else before.more += 1;
  }
  return placed;
}

/** From when to when the phone says that it rings. */
function ringing(marks: readonly Mark[], end: number): { readonly from: number; readonly to: number } | undefined {
  const first = marks.find(({ kind }) => kind === 'rings');
  if (!first) return undefined;
  const last = marks.find(({ isEnd, at }) => isEnd && at >= first.at);
  return { from: placeOf(first.at, end), to: placeOf(last?.at ?? end, end) };
}

/** What became of a phone, in one line. */
function inShort(marks: readonly Mark[]): string {
  const parts: string[] = [];
  let tries = 0;
  for (const { kind, short, at } of marks) {
    if (kind === 'retry') {
      tries += 1;
      if (tries > 1) continue;
    }
    if (parts.length < 5) parts.push(at === 0 ? short : `${short} ${duration(at)}`);
  }
  if (tries > 1) parts.push(`${tries} attempts failed`);
  return parts.join(' · ');
}

/** A place within the strip, with room for half a sign at both ends. */
const percent = (part: number): string => `${(2 + part * 96).toFixed(2)}%`;
const width = (part: number): string => `${(part * 96).toFixed(2)}%`;
