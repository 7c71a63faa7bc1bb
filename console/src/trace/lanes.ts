import type { Device, Member, Trace, TraceEvent } from '#client/wire.ts';
import type { MarkKind } from './mark.ts';
import { kindOf, serviceName, shortWordsOf, wordsOf } from './words.ts';

/** Something that happened, at a place of its lane. */
export interface Mark {
  readonly kind: MarkKind;
  /** Since the ring was asked for, in ms. */
  readonly at: number;
  /** When the push that this answers was sent, in ms. */
  readonly from?: number;
  readonly words: string;
  /** Whether the phone does not ring after it. */
  readonly isEnd: boolean;
  /** The same in few words. */
  readonly short: string;
}

/** A phone, or what is known only of its user. */
export interface Lane {
  readonly key: string;
  readonly label: string;
  readonly marks: readonly Mark[];
}

/** The lanes of one person; those of the call itself have no user. */
export interface LaneGroup {
  readonly userId: string | undefined;
  readonly verdict: string | undefined;
  readonly lanes: readonly Lane[];
}

/** What the picture of a trace shows. */
export interface Picture {
  readonly groups: readonly LaneGroup[];
  /** When the ring was asked for, in epoch ms. */
  readonly startedAt: number;
  /** When the last thing happened, in ms after that. */
  readonly lastAt: number;
}

/** What tells which tokens and connections are one phone. */
export interface Known {
  readonly members: readonly Member[];
  readonly devices: readonly Device[];
}

const lastOf = ({ id }: Device): string => id.slice(-8);

/** Sorts the rows of a trace into lanes: one for each phone, below its user. */
export function pictureOf({ trace, verdicts }: Trace, known: Known): Picture {
  const startedAt = timeOf(trace.find(({ event }) => event === 'ring.requested') ?? trace[0]);
  const phones = phoneFinder(trace, known);
  const callees = new Map(verdicts.map(({ user_id, verdict }) => [user_id, verdict]));
  const rows = new Map<string | undefined, Map<string, TraceEvent[]>>([[undefined, new Map()]]);
  for (const userId of callees.keys()) rows.set(userId, new Map());
  for (const row of trace) {
    const userId =
      row.user_id !== undefined && callees.has(row.user_id) && row.event !== 'call.ended' ? row.user_id : undefined;
    const lanes = rows.get(userId);
    const phone = userId === undefined ? '' : phones(row);
    const lane = lanes?.get(phone);
    if (lane) lane.push(row);
    else lanes?.set(phone, [row]);
  }
  const groups = [...rows].map(
    ([userId, lanes]): LaneGroup => ({
      userId,
      verdict: userId === undefined ? undefined : callees.get(userId),
      lanes: [...lanes]
        .map(
          ([phone, own]): Lane => ({ key: phone, label: labelOf(phone, own, known), marks: marksOf(own, startedAt) }),
        )
        .toSorted((a, b) => Number(a.key !== '') - Number(b.key !== '')),
    }),
  );
  return { groups, startedAt, lastAt: Math.max(0, timeOf(trace.at(-1)) - startedAt) };
}

const timeOf = (row: TraceEvent | undefined): number => (row ? Date.parse(row.at) : 0);

/** Names the phone that a row is about: by its hardware id, else by its token or its connection; '' for the user alone. */
function phoneFinder(trace: readonly TraceEvent[], { members, devices }: Known): (row: TraceEvent) => string {
  const handsets = new Map<string, string>();
  for (const device of devices) {
    if (device.hardware_id !== undefined) handsets.set(`${device.push_provider} ${lastOf(device)}`, device.hardware_id);
  }
  for (const { connection_id, hardware_id } of [...trace, ...members.map(({ answered_on }) => answered_on ?? {})]) {
    if (connection_id !== undefined && hardware_id !== undefined) handsets.set(connection_id, hardware_id);
  }
  const answeredOn = new Map(members.map(({ user_id, answered_on }) => [user_id, answered_on]));
  return (row) => {
    const at = row.event === 'call.accepted' ? answeredOn.get(row.user_id ?? '') : row;
    const { connection_id, hardware_id } = at ?? {};
    if (hardware_id !== undefined) return `phone ${hardware_id}`;
    const own = row.device === undefined ? connection_id : `${row.provider} ${row.device}`;
    if (own === undefined) return '';
    const handset = handsets.get(own);
    return handset === undefined ? own : `phone ${handset}`;
  };
}

function labelOf(phone: string, rows: readonly TraceEvent[], { devices }: Known): string {
  if (phone === '') return '';
  const tokens = new Set(
    rows.flatMap(({ provider, device }) => (device === undefined ? [] : [`${serviceName(provider)} …${device}`])),
  );
  const hardwareId = phone.startsWith('phone ') ? phone.slice('phone '.length) : undefined;
  const version = devices.find(
    ({ hardware_id }) => hardware_id === hardwareId && hardwareId !== undefined,
  )?.app_version;
  const parts = [hardwareId, ...tokens, version === undefined ? undefined : `app ${version}`].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : `socket ${rows[0]?.connection_id ?? ''}`;
}

const ENDS: ReadonlySet<string> = new Set(['call.accepted', 'call.rejected', 'call.missed', 'call.ended']);

const saidOf = (row: TraceEvent) => ({
  words: wordsOf(row),
  short: shortWordsOf(row),
  // Whatever is no ring is a stop, also one that is not sent because the phone knows.
  isEnd: ENDS.has(row.event) || (row.type !== undefined && row.type !== 'call.ring'),
});

/** A push and its answer are one mark. */
function marksOf(rows: readonly TraceEvent[], startedAt: number): Mark[] {
  const asked = new Map<string, number>();
  const marks: Mark[] = [];
  for (const row of rows) {
    const at = Math.max(0, timeOf(row) - startedAt);
    const push = `${row.provider} ${row.device} ${row.type} ${row.ring_id} ${row.attempt}`;
    if (row.event === 'push.attempted') asked.set(push, marks.push({ kind: 'pending', at, ...saidOf(row) }) - 1);
    const index = asked.get(push);
    const sent = index === undefined ? undefined : marks[index];
    if ((row.event === 'push.accepted' || row.event === 'push.failed') && index !== undefined && sent) {
      marks[index] = { kind: kindOf(row), at, from: sent.at, ...saidOf(row) };
    } else if (row.event !== 'push.attempted') marks.push({ kind: kindOf(row), at, ...saidOf(row) });
  }
  return marks.toSorted((a, b) => a.at - b.at);
}
