import type { PushToken } from '#domain/push-token/token.ts';
import { type Clock, type EpochMs, later, SECOND_MS } from '#domain/time.ts';
import type { Meter } from '#ports/meter.ts';
import type { ProviderFaults } from '#ports/provider-faults.ts';
import type { ConfiguredProviders } from '#ports/push-providers.ts';
import type { Push, PushOutcome, PushSender } from '#ports/push-sender.ts';

export interface BreakerDeps {
  readonly sender: PushSender;
  readonly providers: ConfiguredProviders;
  readonly faults: ProviderFaults;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** A fault of our own configuration that one token met. */
interface Suspicion {
  readonly reason: string;
  readonly pushTokenKey: string;
}

/** A fault of our own configuration that is certain. */
interface Fault {
  readonly reason: string;
  /** The settings of the provider under which it came. */
  readonly version: string | undefined;
  /** From then on one push goes out to see whether it is still there. */
  probeAt: EpochMs;
  /** There while that push is under way. */
  probe?: Promise<unknown>;
}

type Misconfigured = Extract<PushOutcome, { kind: 'refused' }> & { readonly misconfigured: true };

/** How long a provider that refuses everything is left alone. */
const PROBE_MS = 30 * SECOND_MS;

/**
 * What refuses together: a provider, in one environment, for one kind of tokens, since an APNs key may be good for the
 * other environment, and for the other topic.
 */
const circuitOf = ({ provider, providerName, sandbox, voip }: PushToken): string =>
  JSON.stringify([provider, providerName, sandbox, voip]);

const isMisconfigured = (outcome: PushOutcome): outcome is Misconfigured =>
  outcome.kind === 'refused' && outcome.misconfigured === true;

/** One token's answer is no proof: the next token's must be the same. Status 0: no token has been asked for. */
const isCertain = ({ status, reason }: Misconfigured, { key }: PushToken, suspicion: Suspicion | undefined): boolean =>
  status === 0 || (suspicion?.reason === reason && suspicion.pushTokenKey !== key);

/**
 * Sends through `sender` until a fault of our own configuration is certain, one that hits every token: then pushes are
 * withheld until the configuration changes, or one that is let through every 30 s is not refused for it.
 */
export function breaker({ sender, providers, faults: committed, clock, meter }: BreakerDeps): PushSender {
  const suspicions = new Map<string, Suspicion>();
  const faults = new Map<string, Fault>();
  const versionFor = (pushToken: PushToken) => providers.versionOf(pushToken.provider, pushToken.providerName);

  const hasChanged = async (pushToken: PushToken, since: string | undefined): Promise<boolean> => {
    await providers.refresh();
    return (await versionFor(pushToken)) !== since;
  };

  const suspect = (pushToken: PushToken, version: string | undefined, outcome: Misconfigured): void => {
    const circuit = circuitOf(pushToken);
    const { provider, providerName: name, key: pushTokenKey } = pushToken;
    const { reason } = outcome;
    const certain = faults.has(circuit) || isCertain(outcome, pushToken, suspicions.get(circuit));
    suspicions.set(circuit, { reason, pushTokenKey: pushTokenKey });
    if (!certain) return;
    faults.set(circuit, { reason, version, probeAt: later(clock(), PROBE_MS) });
    meter.record({ type: 'provider_failing', provider, name, reason });
  };

  const trust = (pushToken: PushToken): boolean => {
    faults.delete(circuitOf(pushToken));
    return suspicions.delete(circuitOf(pushToken));
  };

  /** Has the fault, or its end, written for all. A push must not fail for it, and where it is not written the next push does it. */
  const commit = async (written: Promise<void>): Promise<void> => written.catch(() => undefined);

  const attempt = async (pushToken: PushToken, push: Push): Promise<PushOutcome> => {
    const { provider, providerName: name } = pushToken;
    const version = await versionFor(pushToken);
    const outcome = await sender.send(pushToken, push);
    if (isMisconfigured(outcome)) {
      if (await hasChanged(pushToken, version)) return attempt(pushToken, push);
      suspect(pushToken, version, outcome);
      await commit(committed.record({ provider, name, reason: outcome.reason, userId: pushToken.userId }));
    } else if (outcome.kind === 'refused' && outcome.unauthorized) {
      // Nothing is withheld for it: the next token may be good. If it is refused for it as well, the backend is told.
      suspicions.set(circuitOf(pushToken), { reason: outcome.reason, pushTokenKey: pushToken.key });
      await commit(committed.record({ provider, name, reason: outcome.reason, userId: pushToken.userId }));
    } else if (outcome.kind !== 'retryable' && trust(pushToken)) await commit(committed.clear({ provider, name }));
    return outcome;
  };

  const probe = (pushToken: PushToken, push: Push, fault: Fault): Promise<PushOutcome> => {
    fault.probeAt = later(clock(), PROBE_MS);
    const probing = attempt(pushToken, push).finally(() => delete fault.probe);
    fault.probe = probing.catch(() => undefined);
    return probing;
  };

  return {
    async send(pushToken, push) {
      const known = faults.get(circuitOf(pushToken));
      if (known && (await hasChanged(pushToken, known.version))) trust(pushToken);
      const fault = faults.get(circuitOf(pushToken));
      if (!fault) return attempt(pushToken, push);
      if (!fault.probe && clock() >= fault.probeAt) return probe(pushToken, push, fault);
      // Whoever comes while one probes waits for what it learns.
      await fault.probe;
      return faults.has(circuitOf(pushToken)) ? { kind: 'withheld', reason: fault.reason } : attempt(pushToken, push);
    },
  };
}
