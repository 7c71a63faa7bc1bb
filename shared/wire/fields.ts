import * as z from 'zod';
import { BUSY_POLICIES, MEMBER_ROLES } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';

const bytesOf = (value: unknown): number =>
  Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));

/** Well-formed text. Lone surrogates are rejected: DynamoDB cannot store them. */
const text = z.string().refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

/** A user of the app, by the app's own id. */
export const userId = z
  .string()
  .regex(/^[A-Za-z0-9@._:-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 @ . _ : -')
  .refine((id) => id !== '__proto__', 'is a name that JavaScript reserves');

/** The kind of a call: `default`, or one of the app's own kinds. */
export const callType = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -');

export const callId = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 _ -');

/** `type:id`. */
export const callCid = z.string().regex(/^[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,128}$/, 'must be <call type>:<call id>');

/** Identifies a ring of a call. A client may choose it, so that a retry rings nobody twice. */
export const ringId = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 . _ : -');

/** A stable id of the handset. */
export const hardwareId = text.min(1).max(64);

/** A name that people read. */
export const displayName = text.max(128);

/** A version of the app, as the app names it. */
export const appVersion = text.max(64);

/** The operator's name for one account at a push service. */
export const providerName = text.min(1).max(64);

/** A key of a Web Push subscription. */
export const subscriptionKey = text.min(1).max(256);

/** A session description. */
export const sdp = text.min(1);

/** A user who is to be a member of a call. */
export const newMember = z
  .object({ user_id: userId, role: z.enum(MEMBER_ROLES).optional() })
  .transform(({ user_id, role }) => ({ userId: user_id, ...defined({ role }) }));

/** Users who are to be members of a call. */
export const members = z.array(newMember);

/** The app's own data about a call: at most 2 KiB of JSON. */
export const custom = z
  .record(z.string(), z.json())
  .refine((value) => bytesOf(value) <= 2048, 'must be at most 2048 bytes of JSON');

/** How this call rings, if that differs from the deployment's settings. */
export const settingsOverride = z.object({
  ring: z
    .object({
      /** How long it rings, in ms. */
      auto_cancel_timeout_ms: z.number().int().min(5000).max(180_000).optional(),
      /** What happens to callees who are in another call. It counts only in a request with a server token. */
      busy: z.enum(BUSY_POLICIES).optional(),
    })
    .optional(),
});

/** The longest text of a signal, so that event and envelope fit one 32 KiB frame. */
const MAX_SIGNAL_BYTES = 24 * 1024;

/** The longest signal as JSON, in which line breaks and quotes take two bytes. The rest of the frame says who sent it, and in which call. */
const MAX_SIGNAL_JSON_BYTES = 30 * 1024;

/** Whether a signal's text, or everything that is relayed of it, is too large for a frame. */
export const isOversizedSignal = (text: unknown, relayed: object): boolean =>
  bytesOf(text) > MAX_SIGNAL_BYTES || bytesOf(relayed) > MAX_SIGNAL_JSON_BYTES;

/** A caller's session description, as the browser makes it. */
export const offer = z.object({ type: z.literal('offer').optional(), sdp });

/** A callee's session description. */
export const answer = z.object({ type: z.literal('answer').optional(), sdp });

/** The sender's own numbering of its signals in a call. */
export const seq = z.number().int().min(1);

const candidateFields = {
  candidate: text,
  sdpMid: text.nullish(),
  sdpMLineIndex: z.number().int().min(0).nullish(),
};

/** One ICE candidate. An empty `candidate` means that there are no more. */
export const candidate = z.object(candidateFields);

/** One candidate, or many in `candidates`. */
export const ice = z
  .object({
    candidate: candidateFields.candidate.optional(),
    sdpMid: candidateFields.sdpMid,
    sdpMLineIndex: candidateFields.sdpMLineIndex,
    candidates: z.array(candidate).min(1).optional(),
  })
  .refine((body) => body.candidate !== undefined || body.candidates !== undefined, {
    path: ['candidate'],
    message: 'a candidate, or a list of candidates, is required',
  });
