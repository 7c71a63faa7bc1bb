import { markdownTable } from '../markdown-table.ts';
import type { GroupCall } from './group-call.ts';
import type { Growth, StoredRows } from './growth.ts';
import type { ManyDevices } from './many-devices.ts';
import { sumOf, type Units } from './usage.ts';

/** How the costs and times of a call grow with its members, with devices, and with stored rows. */
export const growthText = ({ members, devices, stored }: Growth): string => `${membersText(members)}

${devicesText(devices)}

${storedText(stored)}`;

function membersText(calls: readonly GroupCall[]): string {
  const times = calls.map((of) => [
    String(of.members),
    ...[of.rung_ms, of.last_event_ms, of.last_push_ms, of.all_answered_ms].map((ms) => ms.toFixed(0)),
    String(of.asked_again),
    (of.item_bytes / 1024).toFixed(1),
  ]);
  const units = calls.map(({ members, ring_units, accept_units, end_units }) => {
    const steps = [ring_units, accept_units, end_units];
    const total = (of: (step: Units) => number): string => String(steps.reduce((sum, step) => sum + of(step), 0));
    return [
      String(members),
      ...steps.map(({ write_units, read_units }) => `${sumOf(write_units)}, ${sumOf(read_units)}`),
      total(({ invocations }) => invocations),
      total(({ messages_out }) => messages_out),
    ];
  });
  return `### Members

Everybody is online and has an Android phone. The caller rings, all answer at once, the caller ends the call. Times are ms from the first frame to the answer to the ring, the last \`call.ring\` and the last push, and from the first accept to the last answer to one. A call has at most 100 members.

${markdownTable(['members', 'rung', 'last event', 'last push', 'all answered', 'asked again', 'item, KiB'], times)}

A call is one item, so each step writes all of it. Everybody hears of everybody, so answers cost the square of the members. Units written and read:

${markdownTable(['members', 'ring: written, read', 'all answer', 'end', 'invocations', 'frames out'], units)}`;
}

function devicesText(all: readonly ManyDevices[]): string {
  const rows = all.map(({ devices, last_push_p50_ms, ring_units, cancel_units }) => [
    String(devices),
    last_push_p50_ms.toFixed(0),
    String(sumOf(ring_units.write_units)),
    String(sumOf(ring_units.read_units)),
    String(sumOf(cancel_units.write_units)),
  ]);
  return `### Devices

A ring of one user, half of whose handsets are iPhones, and its cancel. A user has at most 25.

${markdownTable(['handsets', 'last push, p50 ms', 'ring: written', 'read', 'cancel: written'], rows)}`;
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

A call (rung, answered on the woken phone, ten candidates, hung up) over a table that already holds rows of past calls, including these two users'. ${isSame ? '**It costs the same**' : '**It does not cost the same**'} with any number of rows, to the unit:

${markdownTable(['rows', 'units written', 'units read', 'SQS requests', 'invocations', 'calls that cost just this', 'call, p50 ms'], rows)}
`;
}
