import type { PushToken } from '#domain/push-token/token.ts';
import type { Clock } from '#domain/time.ts';
import type { Meter } from '#ports/meter.ts';
import type { Push, PushOutcome, PushSender } from '#ports/push-sender.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { pushTrace } from './push-trace.ts';

export interface SendPushDeps {
  readonly pushTokens: PushTokenStore;
  readonly sender: PushSender;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** How a push ended, and what the trace says of it. */
export interface Pushed {
  readonly outcome: PushOutcome;
  readonly trace: readonly TraceEvent[];
}

/** Makes one attempt to push to a token and draws the consequences for the token. */
export const sendPush =
  (deps: SendPushDeps) =>
  async (pushToken: PushToken, push: Push, attempt: number): Promise<Pushed> => {
    const startedAt = deps.clock();
    const outcome = judged(pushToken, await sendToEither(deps, pushToken, push));
    const { provider } = pushToken;
    deps.meter.record({ type: 'push_attempted', cid: push.cid, provider, push: push.kind, attempt, outcome });
    // What a push teaches us about its token must not cost the ring. If it cannot be written, the next push teaches it again.
    const consequence = await drawConsequences(deps, pushToken, outcome).catch(() => undefined);
    const removed = consequence === 'removed';
    const trace = pushTrace({ pushToken, push, attempt, startedAt, endedAt: deps.clock(), outcome, removed });
    return { outcome, trace };
  };

/** A token that was registered again after the service saw it dead may be good: that verdict removes nothing. */
function judged({ refreshedAt }: PushToken, outcome: PushOutcome): PushOutcome {
  if (outcome.kind !== 'unregistered' || outcome.since === undefined || outcome.since >= refreshedAt) return outcome;
  return { kind: 'refused', status: outcome.status, reason: outcome.reason };
}

/** Sends; a token that this environment does not know is tried once in the other. */
async function sendToEither(
  { sender, pushTokens }: SendPushDeps,
  pushToken: PushToken,
  push: Push,
): Promise<PushOutcome> {
  const first = await attemptOf(sender, pushToken, push);
  if (first.kind !== 'wrong_environment') return first;
  const second = await attemptOf(sender, { ...pushToken, sandbox: !pushToken.sandbox }, push);
  if (second.kind === 'accepted')
    await pushTokens.note(pushToken, { sandbox: !pushToken.sandbox }).catch(() => undefined);
  // The other environment has refused us, not the token.
  if (second.kind === 'withheld' || (second.kind === 'refused' && second.misconfigured))
    return { kind: 'refused', status: first.status, reason: first.reason };
  return second;
}

async function attemptOf(sender: PushSender, pushToken: PushToken, push: Push): Promise<PushOutcome> {
  try {
    return await sender.send(pushToken, push);
  } catch (error) {
    // A sender that breaks has not told us that the phone will not ring: that is worth another attempt.
    return { kind: 'retryable', status: 0, reason: error instanceof Error ? error.name : 'unknown' };
  }
}

async function drawConsequences(
  { pushTokens, clock }: SendPushDeps,
  pushToken: PushToken,
  outcome: PushOutcome,
): Promise<'removed' | 'kept'> {
  switch (outcome.kind) {
    case 'accepted':
      if (pushToken.failing) await pushTokens.note(pushToken, { works: true });
      return 'kept';
    case 'unregistered':
    case 'wrong_environment':
      return (await pushTokens.removeIfUnchanged(pushToken, outcome.reason)) ? 'removed' : 'kept';
    case 'refused':
    case 'withheld':
      if (pushToken.failing?.reason !== outcome.reason) {
        await pushTokens.note(pushToken, {
          failing: { reason: outcome.reason, since: pushToken.failing?.since ?? clock() },
        });
      }
      return 'kept';
    case 'retryable':
      return 'kept';
  }
}
