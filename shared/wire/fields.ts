import * as z from 'zod';
import { BUSY_POLICIES, MEMBER_ROLES } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { once } from '#domain/once.ts';
import { FINDING_STATES } from '#ports/checkup-store.ts';

const bytesOf = (value: unknown): number =>
  Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));

/** Well-formed text. Lone surrogates are rejected: DynamoDB cannot store them. */
const text = z.string().refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

/** Text of so many characters. */
function textOf(least: number, most: number) {
  const long = least === 0 ? `must be at most ${most} characters` : `must be ${least} to ${most} characters`;
  return (least === 0 ? text : text.min(least, long)).max(most, long);
}

/** A field that may be left out. `null` counts as left out: many clients write it for what they do not have. */
export const optional = <S extends z.ZodType>(schema: S) => z.preprocess(nullAsAbsent, schema.optional());

/** A field that has `value` if it is left out, or null. */
export const optionalOr = <S extends z.ZodType>(schema: S, value: z.util.NoUndefined<z.output<S>>) =>
  z.preprocess(nullAsAbsent, schema.default(value));

/** A query parameter that may be left out. One that is empty counts as left out. */
export const optionalParameter = <S extends z.ZodType>(schema: S) => z.preprocess(emptyAsAbsent, schema.optional());

/** A query parameter that is a whole number: decimal digits, and nothing else that JavaScript takes for a number. */
export function wholeParameterOr(otherwise: number, least: number, most: number) {
  const fault = {
    error: ({ input }: { readonly input?: unknown }) =>
      `must be a whole number from ${least} to ${most}, not ${quoted(input)}`,
  };
  const number = z.number(fault).int(fault).min(least, fault).max(most, fault);
  return z.preprocess(
    (value) => (typeof value === 'string' && DIGITS.test(value) ? Number(value) : emptyAsAbsent(value)),
    number.default(otherwise),
  );
}
const quoted = (input: unknown): string =>
  typeof input === 'object' ? 'a list or an object' : JSON.stringify(input).slice(0, MAX_QUOTED);
const DIGITS = /^\d{1,9}$/;
const MAX_QUOTED = 40;

const nullAsAbsent = (value: unknown): unknown => value ?? undefined;
const emptyAsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);

/** A user of the app, by the app's own id. */
export const userId = z
  .string()
  .regex(/^[A-Za-z0-9@._:|+=~-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 @ . _ : | + = ~ -')
  .refine((id) => id !== '__proto__', 'is a name that JavaScript reserves');

/** The kind of a call: `default`, or one of the app's own kinds. */
export const callType = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -');

export const callId = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 _ -');

/** `type:id`. */
export const callCid = z.string().regex(/^[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,128}$/, 'must be <call type>:<call id>');

/** Identifies a ring of a call. A client may choose it, so that a retry rings nobody twice. */
export const ringId = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 . _ : -');

/** A stable id of the handset. */
export const hardwareId = textOf(1, 64);

/** Which start of the app a connection belongs to: new at every start. */
export const sessionId = textOf(1, 64);

/** Why somebody rejects a call: `decline`, `busy`, `cancel` or the app's own words. Words that say nothing are a decline. */
export const rejectReason = /* @__PURE__ */ once(() =>
  textOf(0, 64).transform((reason) => (reason === '' ? DECLINE : reason)),
);
const DECLINE = 'decline';

/** The reason for rejecting a call, which may be left out. */
export const optionalRejectReason = /* @__PURE__ */ once(() => optionalOr(rejectReason(), DECLINE));

/** A name that people read. */
export const displayName = textOf(0, 128);

/** Who an operator is: the log has what they do by this name. */
export const operatorName = textOf(0, 128).refine((name) => name.trim() !== '', 'must not be empty');

/** What the doctor found. */
export const findings = /* @__PURE__ */ once(() =>
  z
    .array(z.object({ state: z.enum(FINDING_STATES), about: textOf(1, 128), says: textOf(1, 2000) }))
    .min(1)
    .max(200),
);

/** The address of a picture. What is in it needs no escaping in JSON. */
export const imageUrl = z
  .string()
  .max(512)
  .regex(/^https:\/\/[!#-[\]-~]+$/, 'must be an https address of up to 512 characters');

/** A version of the app, as the app names it. */
export const appVersion = /* @__PURE__ */ textOf(0, 64);

/** The operator's name for one account at a push service. */
export const providerName = /* @__PURE__ */ textOf(1, 64);

/** A key of a Web Push subscription. */
export const subscriptionKey = /* @__PURE__ */ textOf(1, 256);

/** A session description. */
export const sdp = text.min(1);

/** A user who is to be a member of a call. */
export const newMember = /* @__PURE__ */ once(() =>
  z
    .object({ user_id: userId, role: optional(z.enum(MEMBER_ROLES)) })
    .transform(({ user_id, role }) => ({ userId: user_id, ...defined({ role }) })),
);

/** Users who are to be members of a call. */
export const members = /* @__PURE__ */ once(() => z.array(newMember()));

/** The app's own data about a call: at most 2 KiB of JSON. */
export const custom = /* @__PURE__ */ once(() =>
  z.record(z.string(), z.json()).refine((value) => bytesOf(value) <= 2048, 'must be at most 2048 bytes of JSON'),
);

/** How this call rings, if that differs from the deployment's settings. */
export const settingsOverride = /* @__PURE__ */ once(() =>
  z.object({
    ring: optional(
      z.object({
        /** How long it rings, in ms. */
        auto_cancel_timeout_ms: optional(z.number().int().min(5000).max(180_000)),
        /** What happens to callees who are in another call. It counts only in a request with a server token. */
        busy: optional(z.enum(BUSY_POLICIES)),
      }),
    ),
  }),
);

/** The longest text of a signal, so that event and envelope fit one 32 KiB frame. */
const MAX_SIGNAL_BYTES = 24 * 1024;

/** The longest signal as JSON, in which line breaks and quotes take two bytes. The rest of the frame says who sent it, and in which call. */
const MAX_SIGNAL_JSON_BYTES = 30 * 1024;

/** Whether a signal's text, or everything that is relayed of it, is too large for a frame. */
export const isOversizedSignal = (text: unknown, relayed: object): boolean =>
  bytesOf(text) > MAX_SIGNAL_BYTES || bytesOf(relayed) > MAX_SIGNAL_JSON_BYTES;

/** A caller's session description, as the browser makes it. */
export const offer = /* @__PURE__ */ once(() => z.object({ type: optional(z.literal('offer')), sdp }));

/** A callee's session description. */
export const answer = /* @__PURE__ */ once(() => z.object({ type: optional(z.literal('answer')), sdp }));

/** The sender's own numbering of its signals in a call. */
export const seq = z.number().int().min(1);

// What a browser says of a candidate is relayed as it was sent: here null is not the same as absent.
const candidateFields = /* @__PURE__ */ once(() => ({
  candidate: text.nullable(),
  sdpMid: text.nullish(),
  sdpMLineIndex: z.number().int().min(0).nullish(),
  usernameFragment: text.nullish(),
}));

/** One ICE candidate. If `candidate` is empty or null, there are no more. */
export const candidate = /* @__PURE__ */ once(() => z.object(candidateFields()));

/** An entry of a list of candidates. An empty one or null means that there are no more. */
export const candidates = /* @__PURE__ */ once(() => z.array(z.union([candidate(), z.literal(''), z.null()])));

/** One candidate, or a list of them. */
export const ice = /* @__PURE__ */ once(() =>
  z
    .object({
      ...candidateFields(),
      candidate: candidateFields().candidate.optional(),
      candidates: optional(candidates()),
    })
    .refine((body) => body.candidate !== undefined || body.candidates !== undefined, {
      path: ['candidate'],
      message: 'a candidate, or a list of candidates, is required',
    }),
);
