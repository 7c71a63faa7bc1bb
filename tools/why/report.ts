import type { Device, TraceEvent, UserAnswer } from '#client/wire.ts';
import { traceLine } from '../ring/trace-line.ts';
import { type Call, type Evidence, pathOf } from './evidence.ts';
import { clockIn } from './moment.ts';
import type { Question } from './options.ts';
import type { Refusal } from './refusals.ts';

type User = UserAnswer['user'];
type Removed = User['removed_devices'][number];

/** So many rows of one phone, and refusals, are shown, the latest: there may be thousands. */
const MAX_ROWS = 20;

/** What was found out about a question, for people. */
export function report(question: Question, { calls, isCut, user, refusals }: Evidence): string {
  const { at, tz, withinMs } = question;
  const when = `${clockIn(at, tz)} (${tz})`;
  const minutes = Math.round(withinMs / 60_000);
  const found = calls.length === 0 ? 'no call' : calls.length === 1 ? '1 call' : `${calls.length} calls`;
  return [
    `${question.user} around ${when}, within ${minutes} min: ${found}${isCut ? ' (the closest; there are more)' : ''}`,
    ...inOrder(calls).map((call) => callText(call, user, question)),
    refusalsText(refusals, tz),
    devicesText(user, calls[0], question),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The earliest first, as in everything else that is told. */
const inOrder = (calls: readonly Call[]): Call[] =>
  calls.toSorted((a, b) => Date.parse(a.call.created_at) - Date.parse(b.call.created_at));

/** Whether there is anything to tell from. */
export const isAnswer = ({ calls, refusals }: Evidence): boolean =>
  calls.length > 0 || (Array.isArray(refusals) && refusals.length > 0);

function callText(call: Call, known: User, { user, tz }: Question): string {
  const { created_by: by, created_at, cid, video, status, ended_reason } = call.call;
  const others = call.members.length - 2;
  const callees =
    by.id === user ? call.members.filter(({ user_id }) => user_id !== user).map(({ user_id }) => user_id) : [user];
  const whom = callees.length > 1 ? `${callees[0]} and ${callees.length - 1} others` : (callees[0] ?? 'nobody');
  const crowd = by.id !== user && others > 0 ? `, ${call.members.length} members` : '';
  const state = [status, ended_reason].filter(Boolean).join(': ');
  const caller = by.name === undefined || by.name === by.id ? by.id : `${by.id} (${shown(by.name)})`;
  return [
    `${clockIn(Date.parse(created_at), tz)}  ${cid}  ${caller} rang ${whom}${crowd}, ${video ? 'video' : 'audio'}, ${state}`,
    ...verdictsOf(call, user).map((line) => `  ${line}`),
    ...phonesOf(call, known).flatMap(([phone, rows]) => [`  ${phone}`, ...rowsText(call, rows)]),
  ].join('\n');
}

/** So many callees of a caller are told of. */
const MAX_CALLEES = 10;

/** How the rings went: of the user if they were rung, and else of those whom they rang. */
function verdictsOf({ verdicts, members }: Call, user: string): string[] {
  const own = verdicts.find(({ user_id }) => user_id === user);
  if (own) {
    const { state, reason } = members.find(({ user_id }) => user_id === user) ?? {};
    return [
      `${user}: ${shown(own.verdict)} (${[state, reason === undefined ? undefined : shown(reason)].filter(Boolean).join(': ')})`,
    ];
  }
  const told = verdicts.slice(0, MAX_CALLEES).map(({ user_id, verdict }) => `${user_id}: ${shown(verdict)}`);
  return verdicts.length > told.length ? [...told, `and ${verdicts.length - told.length} others`] : told;
}

/** The rows about each phone and app of a user. All tokens and sockets of one handset are one phone, as far as that is known. */
function phonesOf({ trace, members }: Call, { id, devices, removed_devices: removed }: User): [string, TraceEvent[]][] {
  const rows = trace.filter(({ user_id, event }) => user_id === id && OF_PHONES.test(event));
  const answeredOn = members.find(({ user_id }) => user_id === id)?.answered_on;
  const handsets = new Map(
    [
      ...devices.map((device) => ({ ...device, own: tokenName(device.push_provider, device.id.slice(-8)) })),
      ...removed.map((device) => ({ ...device, own: tokenName(device.push_provider, device.device) })),
      ...rows.map((row) => ({ ...row, own: ownName(row) })),
    ].flatMap(({ own, hardware_id }) => (hardware_id === undefined ? [] : [[own, hardware_id] as const])),
  );
  return [
    ...Map.groupBy(rows, (row) => {
      const at = row.event === 'call.accepted' ? { ...row, ...answeredOn } : row;
      const own = ownName(at);
      const handset = at.hardware_id ?? handsets.get(own);
      return handset === undefined ? own : `phone ${shown(handset)}`;
    }),
  ];
}

const OF_PHONES = /^(?:push\.|device\.|event\.|call\.accepted$)/;

const tokenName = (provider: string, last: string): string => `${provider} …${last}`;

/** What a phone is called whose handset is not known. */
const ownName = ({ provider = '', device, connection_id }: TraceEvent): string => {
  if (device !== undefined) return tokenName(provider, device);
  return connection_id === undefined ? 'unnamed phone' : `socket ${connection_id}`;
};

function rowsText(call: Call, rows: readonly TraceEvent[]): string[] {
  const start = Date.parse(call.call.ring_started_at ?? call.call.created_at);
  const left = rows.length - MAX_ROWS;
  return [
    ...(left > 0 ? [`    ${left} earlier rows: GET ${pathOf(call)}/trace`] : []),
    ...rows.slice(-MAX_ROWS).map((row) => `    ${shown(traceLine(row, start))}`),
  ];
}

function refusalsText(refusals: Evidence['refusals'], tz: string): string {
  if (refusals instanceof Error) return `Refusals could not be read: ${refusals.message}`;
  if (!Array.isArray(refusals) || refusals.length === 0) return '';
  const said = [...Map.groupBy(refusals, refusalText)].map(([text, all]) => {
    const [first = '', last = ''] = [all[0], all.at(-1)].map((one) => clockIn(Date.parse(one?.timestamp ?? ''), tz));
    return `  ${first}  ${text}${all.length > 1 ? `, ${all.length} times until ${last}` : ''}`;
  });
  const left = said.length - MAX_ROWS;
  return ['Refused:', ...(left > 0 ? [`  ${left} earlier ones`] : []), ...said.slice(-MAX_ROWS)].join('\n');
}

function refusalText({ operation = 'a request', call_cid, code, reason, paths = [], asked_by }: Refusal): string {
  const about = [call_cid, ...paths].filter((part) => part !== undefined).join(', ');
  const by = { server: ', asked by the app’s backend', operator: ', asked by an operator' };
  const why = (reason === undefined ? code : `${code} (${reason})`) + (asked_by ? by[asked_by] : '');
  return shown(`${operation}${about === '' ? '' : ` (${about})`}: ${why}`);
}

function devicesText(user: User, call: Call | undefined, { at, tz }: Question): string {
  const then = call ? Date.parse(call.call.created_at) : at;
  const { devices, removed_devices: removed, connections, preferences, blocks } = user;
  const disturb = preferences.do_not_disturb;
  const until = typeof disturb === 'object' ? ` until ${clockIn(Date.parse(disturb.until), tz)}` : '';
  return [
    `Devices then (${clockIn(then, tz)}) and now:`,
    ...devices.map((device) => `  ${deviceText(device, then, tz)}`),
    ...removed.map((device) => `  ${removedText(device, then, tz)}`),
    ...(devices.length + removed.length === 0 ? ['  none, and none was removed in the last 30 days'] : []),
    `Connections now: ${connections.length === 0 ? 'none' : connections.map(({ hardware_id, connected_at }) => `${shown(hardware_id ?? 'an app')} since ${clockIn(Date.parse(connected_at), tz)}`).join(', ')}`,
    ...(disturb === false ? [] : [`Does not want to be disturbed${until}.`]),
    ...(blocks.length === 0 ? [] : [`Has blocked ${blocks.length} ${blocks.length === 1 ? 'user' : 'users'}.`]),
  ].join('\n');
}

function deviceText(device: Device, then: number, tz: string): string {
  const { created_at, updated_at, failing } = device;
  const isNew = Date.parse(created_at) > then;
  const began =
    failing && (Date.parse(failing.since) > then ? 'failing since after that' : 'failing since before that');
  return shown(
    [
      nameOf(device, device.id.slice(-8)),
      isNew ? `registered only later, ${clockIn(Date.parse(created_at), tz)}` : 'registered then',
      `refreshed ${clockIn(Date.parse(updated_at), tz)}`,
      ...(failing ? [`${began}, ${clockIn(Date.parse(failing.since), tz)}: ${failing.reason}`] : []),
    ].join('; '),
  );
}

function removedText(device: Removed, then: number, tz: string): string {
  const removedAt = Date.parse(device.removed_at);
  const gone = removedAt > then ? 'registered then, gone since' : 'gone before';
  return shown(`${nameOf(device, device.device)}; ${gone}, ${clockIn(removedAt, tz)}: ${device.reason}`);
}

/** The fields by which devices are told apart. */
interface Named {
  readonly push_provider: string;
  readonly push_provider_name: string;
  readonly voip_token: boolean;
  readonly sandbox: boolean;
  readonly hardware_id?: string;
  readonly app_version?: string;
}

function nameOf(
  { push_provider, push_provider_name, voip_token, sandbox, hardware_id, app_version }: Named,
  last: string,
): string {
  const kind = push_provider === 'apn' ? (voip_token ? 'apn (PushKit)' : 'apn (alerts only)') : push_provider;
  return [
    `${kind} …${last}`,
    ...(push_provider_name === 'default' ? [] : [`by ${push_provider_name}`]),
    ...(sandbox ? ['sandbox'] : []),
    ...(hardware_id === undefined ? [] : [`on ${hardware_id}`]),
    ...(app_version === undefined ? [] : [`app ${app_version}`]),
  ].join(' ');
}

/** Text of an app, without what would steer a terminal or turn the rest of the line around. */
const shown = (text: string): string => text.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '?');
