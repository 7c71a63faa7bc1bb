import type * as z from 'zod';
import { callee, phone, record, reportEvents, reportedCall } from '#wire/report/events.ts';
import * as sample from '../samples.ts';
import { type Components, componentName, described, type Example, type FieldsOf } from '../schemas/component.ts';
import { views } from '../schemas/shared.ts';
import * as words from '../schemas/words.ts';

const { ALICE, BOB } = sample;

export const BACKEND_EVENTS = [
  'What the app’s backend is told: on an EventBridge bus, as the detail of an event, and by webhooks, as their body, if the stage has events. Each comes at least once, with the same `id` if it comes again. Of two events of a call the one with the higher `version` is the newer.',
  'These are the schemas of version 1. Fields may be added to them; none changes its meaning.',
].join('\n\n');

/** The version of these schemas. */
export const BACKEND_VERSION = 1;

/** An event for the app's backend, in words. */
interface BackendEventText<Schema extends z.ZodType> {
  readonly summary: string;
  readonly fields: FieldsOf<Schema>;
  readonly example: Example;
}

const EVENT = {
  id: 'The id of the event: if it comes again, it is the same.',
  type: 'What happened.',
  version: 'Grows with every event about the same call or device: of two the higher one is the newer.',
  created_at: 'When it happened.',
};
const ON_CALL = {
  ...EVENT,
  ...words.CALL_NAMES,
  user: 'The user who caused it; absent if a timer did.',
  call: 'The call after the change.',
  members: 'The members of the call; if it has more than 10, only those that changed.',
  members_omitted: 'How many members did not fit.',
};
const DEVICE = {
  ...EVENT,
  user_id: 'The user whose device it is.',
  provider: 'The push service.',
  provider_name: 'The configured push provider.',
  device: 'The end of the push token, never all of it.',
  voip_token: 'Whether it is a PushKit token.',
  sandbox: 'Whether it is the APNs token of a development build.',
  ...words.HARDWARE_ID,
};

const event = (type: string) => ({ id: sample.EVENT_ID, type, created_at: sample.AT });

interface State {
  readonly call: { readonly custom: object; readonly version: number };
  readonly members: readonly object[];
}
const ofCall = (type: string, { call: { custom: _, ...call }, members }: State, user?: 'alice' | 'bob') => ({
  ...event(type),
  ...sample.inCall(type, user),
  call,
  members,
  version: call.version,
});
const ofDevice = (type: string) => ({
  ...event(type),
  version: Date.parse(sample.AT),
  user_id: BOB,
  provider: 'firebase',
  provider_name: 'default',
  device: 'f3a91c07',
  voip_token: false,
  sandbox: false,
  hardware_id: 'bobs-pixel',
});

/** Every event for the app's backend, by its `type`. */
export const backendEventTexts: {
  readonly [Type in keyof typeof reportEvents]: BackendEventText<(typeof reportEvents)[Type]>;
} = {
  'call.created': {
    summary: 'A call was created',
    fields: ON_CALL,
    example: ofCall('call.created', sample.RINGING, 'alice'),
  },
  'call.ring': {
    summary: 'Members are rung',
    fields: {
      ...ON_CALL,
      ...words.RING_ID,
      expires_at: 'When the ring ends.',
      ...words.VIDEO,
      callees: 'The users who are rung.',
    },
    example: {
      ...ofCall('call.ring', sample.RINGING, 'alice'),
      ring_id: sample.RING_ID,
      expires_at: sample.RINGS_UNTIL,
      video: true,
      callees: [BOB],
    },
  },
  'call.accepted': {
    summary: 'Somebody has answered',
    fields: { ...ON_CALL, answered_by: ['The user who answered.', { user_id: 'The user.' }] },
    example: { ...ofCall('call.accepted', sample.ACTIVE, 'bob'), answered_by: { user_id: BOB } },
  },
  'call.rejected': {
    summary: 'Somebody has declined, or is in another call',
    fields: {
      ...ON_CALL,
      user_id: 'The user who declined.',
      reason: 'Why: `decline`, `busy` or the app’s own text.',
    },
    example: { ...ofCall('call.rejected', sample.REJECTED, 'bob'), user_id: BOB, reason: 'decline' },
  },
  'call.cancelled': {
    summary: 'The caller has hung up before anybody answered',
    fields: { ...ON_CALL, reason: '`replaced` if the caller rang again instead; else absent.' },
    example: ofCall('call.cancelled', sample.CANCELLED, 'alice'),
  },
  'call.missed': {
    summary: 'The time to answer is over',
    fields: { ...ON_CALL, callees: 'The users who have missed the call.' },
    example: { ...ofCall('call.missed', sample.MISSED), callees: [BOB] },
  },
  'call.member_added': {
    summary: 'Somebody was added to the call',
    fields: { ...ON_CALL, user_id: 'The new member.' },
    example: { ...ofCall('call.member_added', { ...sample.WITH_CAROL }), user_id: sample.CAROL },
  },
  'call.member_left': {
    summary: 'Somebody has left the call',
    fields: { ...ON_CALL, user_id: 'The member who left.' },
    example: { ...ofCall('call.member_left', sample.LEFT, 'bob'), user_id: BOB },
  },
  'call.ended': {
    summary: 'The call has ended',
    fields: {
      ...ON_CALL,
      reason: 'How the call ended; `replaced` if one of the two rang the other again instead.',
      record: 'The call from its beginning to its end.',
    },
    example: {
      ...ofCall('call.ended', sample.COMPLETED, 'alice'),
      reason: 'completed',
      record: {
        created_by: { id: ALICE, name: 'Alice' },
        created_at: sample.AT,
        ring_started_at: sample.AT,
        accepted_at: sample.ANSWERED_AT,
        ended_at: sample.ENDED_AT,
        ended_by: ALICE,
        ended_reason: 'completed',
        talk_s: 246,
        callees: [
          {
            user_id: BOB,
            state: 'accepted',
            phones: [{ provider: 'firebase', device: 'f3a91c07', outcome: 'accepted' }],
          },
        ],
      },
    },
  },
  'device.registered': {
    summary: 'A user has a new device',
    fields: { ...DEVICE, app_version: 'The version of the app on it.' },
    example: { ...ofDevice('device.registered'), app_version: '3.2.1' },
  },
  'device.removed': {
    summary: 'A device has left its user',
    fields: {
      ...DEVICE,
      reason:
        'Why: `removed`, `signed_out`, `moved_to_another_user`, `too_many_devices`, or the verdict of its push service.',
    },
    example: { ...ofDevice('device.removed'), reason: 'UNREGISTERED' },
  },
  'push.provider_failing': {
    summary: 'A push service refuses our credentials or topic for several users in a row',
    fields: {
      ...EVENT,
      provider: 'The push service.',
      provider_name: 'The configured push provider.',
      reason: 'What the service said.',
    },
    example: {
      ...event('push.provider_failing'),
      version: Date.parse(sample.AT),
      provider: 'apn',
      provider_name: 'default',
      reason: 'InvalidProviderToken',
    },
  },
};

const { custom: _, ...CALL } = views['Call']?.fields ?? {};

/** The schemas of these events, by name. */
export const backendComponents: Components = {
  ReportedCall: { schema: reportedCall, fields: CALL },
  PhoneOutcome: described(phone, {
    provider: 'The push service.',
    device: 'The end of the push token.',
    outcome:
      'What became of the push that was to ring the phone: taken by the push service, refused since the token is dead, not taken, not sent, or unknown.',
  }),
  RecordedCallee: described(callee, {
    user_id: 'The user.',
    state: 'The state in which the call left them.',
    phones: 'Their phones.',
  }),
  CallRecord: described(record, {
    created_by: 'The caller.',
    created_at: 'When the call was created.',
    ring_started_at: 'When it first rang.',
    accepted_at: 'When somebody first answered.',
    ended_at: 'When it ended.',
    ended_by: 'The user who ended it; absent if a timer did.',
    ended_reason: 'How it ended.',
    talk_s: 'From the first answer to the end, in seconds; 0 if nobody answered.',
    callees: 'All callees.',
  }),
  ...Object.fromEntries(
    Object.entries(reportEvents).map(([type, schema]) => [
      componentName(type, 'BackendEvent'),
      { schema, fields: new Map(Object.entries(backendEventTexts)).get(type)?.fields ?? {} },
    ]),
  ),
};
