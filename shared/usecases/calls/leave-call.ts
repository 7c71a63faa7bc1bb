import type { Call } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import type { AnnounceDeps } from './announce.ts';
import { announceOutcome } from './announce-outcome.ts';
import { type ApplyCommandDeps, applyCommand } from './apply-command.ts';

/** Takes somebody out of a call who does not ask for it themselves. */
export const leaveCall = (deps: ApplyCommandDeps & AnnounceDeps) => {
  const apply = applyCommand(deps);
  const tell = announceOutcome(deps);
  return (call: Call, userId: string): Promise<void> =>
    apply(call, { type: 'leave', by: userId })
      .then((applied) => tell(applied, userId))
      .catch(unlessMovedOn);
};

/** A refusal says that the call has moved on without them: there is nothing left to do. */
export function unlessMovedOn(error: unknown): void {
  if (!(error instanceof ServiceError) || error.code === 'contended') throw error;
}
