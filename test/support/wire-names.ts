import { readdirSync, readFileSync } from 'node:fs';
import { STOP_REASON, type StateEventType } from '#domain/call/effects.ts';
import { commandFrames, signalFrames } from '#wire/socket/native/frames.ts';

const STATE_EVENTS = {
  'call.ring': true,
  'call.accepted': true,
  'call.rejected': true,
  'call.cancelled': true,
  'call.missed': true,
  'call.member_added': true,
  'call.member_left': true,
  'call.ended': true,
} satisfies Record<StateEventType, true>;

/** The types of all events, frames and pushes. */
export const EVENT_TYPES: ReadonlySet<string> = new Set([
  ...Object.keys(STATE_EVENTS),
  ...Object.keys(STOP_REASON),
  ...Object.keys(commandFrames),
  ...Object.keys(signalFrames),
  'call.active',
  'call.unreachable',
  'user.connected',
  'connection.replaced',
]);

const sources = ['shared', 'functions']
  .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8'));

const ours = new Set(sources.flatMap((source) => source.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []));

/** Names in our notation that belong to other projects. */
const OF_OTHERS = new Set(['direct_boot_ok', 'firebase_messaging', 'flutter_callkit_incoming', 'flutter_webrtc']);

/** Whether a name appears in the product's code, or is known to belong to another project. */
export const isOurName = (name: string): boolean => ours.has(name) || OF_OTHERS.has(name);
