import { markdownTable } from '../markdown-table.ts';
import type { GroupCall } from './group-call.ts';
import type { Growth, StoredRows } from './growth.ts';
import type { ManyDevices } from './many-devices.ts';
import { sumOf, type Units } from './usage.ts';

/** How the costs and times of a call grow with its members, with devices, and with stored rows. */
export const growthText = ({ members, devices, stored }: Growth): string => `${membersText(members)}

${devicesText(devices)}

${storedText(stored)}`;

const written = ({ write_units }: Units, kind: string): string => String(write_units[kind] ?? 0);

const KINDS = ['call', 'busy_lock', 'history', 'push_record', 'trace'];

function membersText(calls: readonly GroupCall[]): string {
  const times = calls.map((of) => [
    String(of.members),
    ...[of.rung_ms, of.last_event_ms, of.last_push_ms, of.all_answered_ms].map((ms) => ms.toFixed(0)),
    String(of.asked_again),
    (of.item_bytes / 1024).toFixed(1),
  ]);
  const phases = calls.flatMap(({ members, ring_units, accept_units, end_units }) =>
    Object.entries({ ring: ring_units, 'all answer': accept_units, end: end_units }).map(([phase, units]) => [
      String(members),
      phase,
      ...KINDS.map((kind) => written(units, kind)),
      String(sumOf(units.write_units)),
      String(sumOf(units.read_units)),
      String(units.invocations),
      String(units.messages_out),
    ]),
  );
  return `### Members

A call of so many, who are all online and have an Android phone each. The caller rings; all answer at once; the caller ends it. 100 is the most that a call may have. Times from the first frame, in ms, to: the answer to the ring, the last \`call.ring\`, the last push; and from the first accept to the answer to the last one.

${markdownTable(['members', 'rung', 'last event', 'last push', 'all answered', 'asked again', 'item, KiB'], times)}

A call is one item, so each step writes all of it; and everybody hears of everybody, so that answers cost the square of the members. Units by kind of item:

${markdownTable(['members', 'step', ...KINDS.map((kind) => kind.replace('_', ' ')), 'written', 'read', 'invocations', 'frames out'], phases)}`;
}

function devicesText(all: readonly ManyDevices[]): string {
  const rows = all.map(({ devices, last_push_p50_ms, ring_units, cancel_units }) => [
    String(devices),
    last_push_p50_ms.toFixed(0),
    written(ring_units, 'push_record'),
    written(ring_units, 'trace'),
    String(sumOf(ring_units.write_units)),
    String(sumOf(ring_units.read_units)),
    String(sumOf(cancel_units.write_units)),
  ]);
  return `### Devices

A ring of one user with so many handsets, half of them iPhones, and its cancel. 25 is the most that a user may have.

${markdownTable(['handsets', 'last push, p50 ms', 'push record', 'trace', 'ring: written', 'read', 'cancel: written'], rows)}`;
}

function storedText(all: readonly StoredRows[]): string {
  const costs = all.map(({ calls }) => JSON.stringify(calls[0]));
  const isSame = new Set(costs).size === 1;
  const rows = all.map(({ rows: stored, calls, call_p50_ms }) => [
    stored.toLocaleString('en'),
    ...[calls[0]?.write_units ?? {}, calls[0]?.read_units ?? {}].map((units) => String(sumOf(units))),
    String(calls[0]?.sqs_requests),
    String(calls[0]?.invocations),
    `${calls.filter((units) => JSON.stringify(units) === costs[0]).length} of ${calls.length}`,
    call_p50_ms.toFixed(0),
  ]);
  return `### What is stored

A call (rung, answered on the woken phone, ten candidates, hung up) before a table that already holds so many rows of past calls, those of these two among them. ${isSame ? '**It costs the same**' : '**It does not cost the same**'}, to the unit and by every kind of item:

${markdownTable(['rows', 'units written', 'units read', 'SQS requests', 'invocations', 'calls that cost just this', 'call, p50 ms'], rows)}
`;
}
