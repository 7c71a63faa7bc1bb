import * as z from 'zod';
import {
  BUSY_POLICIES,
  CALL_STATUSES,
  type Call,
  ENDED_REASONS,
  MEDIA_PROVIDERS,
  MEMBER_ROLES,
  MEMBER_STATES,
  UNHEARD,
} from '#domain/call/call.ts';
import { DAY_MS, later } from '#domain/time.ts';
import { storedHandset, storedMs } from '#wire/stored.ts';
import { dayKey, keys } from './keys.ts';
import { expiringAt, type Row } from './table.ts';

const person = z.object({ id: z.string(), name: z.string().exactOptional(), image: z.string().exactOptional() });

const member = z.object({
  userId: z.string(),
  role: z.enum(MEMBER_ROLES),
  state: z.enum(MEMBER_STATES),
  since: storedMs,
  reason: z.string().exactOptional(),
  ringId: z.string().exactOptional(),
  ringExpiresAt: storedMs.exactOptional(),
  rungBy: person.exactOptional(),
  handset: storedHandset.exactOptional(),
  answeredAt: storedMs.exactOptional(),
  unheard: z.enum(UNHEARD).exactOptional(),
});

const item = z.object({
  cid: z.string(),
  type: z.string(),
  id: z.string(),
  createdBy: person,
  createdAt: storedMs,
  status: z.enum(CALL_STATUSES),
  video: z.boolean(),
  /** Stored as text, because DynamoDB's numbers differ from those of JSON. */
  custom: z.string().transform((json) => z.record(z.string(), z.unknown()).parse(JSON.parse(json))),
  ringMs: z.number(),
  busy: z.enum(BUSY_POLICIES),
  mediaProvider: z.enum(MEDIA_PROVIDERS).exactOptional(),
  cancelsIfUnreachable: z.literal(true).exactOptional(),
  callerBusyIn: z.string().exactOptional(),
  ringStartedAt: storedMs.exactOptional(),
  ringExpiresAt: storedMs.exactOptional(),
  acceptedAt: storedMs.exactOptional(),
  endsAt: storedMs,
  endedAt: storedMs.exactOptional(),
  endedReason: z.enum(ENDED_REASONS).exactOptional(),
  endedBy: z.string().exactOptional(),
  replaced: z.literal(true).exactOptional(),
  version: z.number(),
  ringIds: z.array(z.string()),
  members: z.record(z.string(), member),
});

/** A call as the table holds it. It stays for `retentionDays` after the latest moment at which it can end. */
export const toItem = (call: Call, retentionDays: number): Row => ({
  ...keys.call(call.cid),
  ...dayKey(call.createdAt, call.cid),
  ...call,
  custom: JSON.stringify(call.custom),
  ...expiringAt(later(call.endsAt, retentionDays * DAY_MS)),
});

/** The call in a row of the table. */
export const fromItem = (row: Row): Call => item.parse(row);
