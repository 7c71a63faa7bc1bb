import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { once } from '#domain/once.ts';
import { type Clock, toEpochSeconds } from '#domain/time.ts';
import { type Outgoing, OutgoingError } from '#ports/outgoing.ts';
import type { RingAsked, RingHook, RingVerdict } from '#ports/ring-hook.ts';
import { callView } from '#wire/views.ts';
import { signed } from '#wire/webhook/signed.ts';

/** The secret `ring-hook`: where the app's backend is asked, what signs the question, and what counts if it does not answer. */
const hookSecret = /* @__PURE__ */ once(() =>
  z.object({
    url: z.url({ protocol: /^https$/ }),
    secret: z.string().min(1),
    fail: z.enum(['open', 'closed']).default('open'),
  }),
);

const answer = /* @__PURE__ */ once(() =>
  z
    .object({
      allow: z.boolean().optional(),
      reason: z.string().optional(),
      callees: z.array(z.string()).optional(),
    })
    .refine(({ allow, callees }) => allow !== undefined || callees !== undefined),
);

/** How long a ring waits for the backend. */
const LIMIT_MS = 1000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_REASON = 200;

export interface RingHookOptions {
  readonly readHookSecret: () => Promise<string>;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
}

/** The ring hook over HTTPS, signed as Standard Webhooks are. */
export function httpsRingHook({ readHookSecret, outgoing, clock }: RingHookOptions): RingHook {
  const settings = async () => hookSecret().parse(JSON.parse(await readHookSecret()));

  const post = async (
    { url, secret }: z.output<ReturnType<typeof hookSecret>>,
    ring: RingAsked,
  ): Promise<RingVerdict> => {
    const body = JSON.stringify(bodyOf(ring));
    const id = `msg_${randomUUID()}`;
    const { status, body: text } = await outgoing.send({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        ...signed([secret], { id, timestamp: toEpochSeconds(clock()), body }),
      },
      body,
      timeoutMs: LIMIT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (status < 200 || status > 299) return failure(`status ${status}`);
    return verdictOf(text);
  };

  return {
    async ask(ring) {
      let rings = true;
      try {
        const chosen = await settings();
        rings = chosen.fail === 'open';
        const verdict = await post(chosen, ring);
        return verdict.kind === 'failed' ? { ...verdict, rings } : verdict;
      } catch (error) {
        return { ...failure(error instanceof OutgoingError ? error.fault : 'not configured'), rings };
      }
    },
  };
}

const failure = (fault: string) => ({ kind: 'failed' as const, rings: true, fault });

const bodyOf = ({ call, caller, callees }: RingAsked): object => ({
  type: 'call.before_ring',
  call: callView(call),
  caller,
  callees,
});

function verdictOf(text: string): RingVerdict {
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch {
    return failure('not JSON');
  }
  const said = answer().safeParse(sent);
  if (!said.success) return failure('neither allow nor callees');
  const { allow, reason, callees } = said.data;
  if (allow === false) return { kind: 'refused', ...defined({ reason: reason?.slice(0, MAX_REASON) }) };
  return { kind: 'allowed', ...defined({ callees }) };
}
