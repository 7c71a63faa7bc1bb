import { finishChange, startChange } from '#domain/call/change.ts';
import { blockersIn } from '#domain/protection/guard.ts';
import { type SilencesDeps, silences } from '../protection/silences.ts';
import { type CallOutcome, type CallRules, calleesIn, newCallOf, type WantedCall } from './new-call.ts';
import { existingInstead, type UseExistingCallDeps, useExistingCall } from './use-existing-call.ts';
import { type WriteNewCallDeps, writeNewCall } from './write-new-call.ts';

export interface GetOrCreateCallDeps extends WriteNewCallDeps, UseExistingCallDeps, SilencesDeps {
  readonly rules: CallRules;
}

/** Gets a call, or creates it and rings nobody. If it exists, what is wanted of a new one is ignored. */
export const getOrCreateCall = (deps: GetOrCreateCallDeps) => {
  const write = writeNewCall(deps);
  const useExisting = useExistingCall(deps);
  const instead = existingInstead(deps);
  const look = silences(deps);
  return async (wanted: WantedCall): Promise<CallOutcome> => {
    const existing = await instead(wanted);
    if (existing) return { kind: 'found', call: await useExisting(existing, wanted, 'read') };
    const call = newCallOf(wanted, deps.rules, {
      now: deps.clock(),
      rings: false,
      blockers: blockersIn(await look(wanted.user.userId, calleesIn(wanted))),
    });
    const change = { ...finishChange(startChange(call, call.createdAt)), to: call };
    const outcome = await write(change, wanted.user);
    return outcome.kind === 'created' ? outcome : { ...outcome, call: await useExisting(outcome.call, wanted, 'read') };
  };
};
