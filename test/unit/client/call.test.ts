import { describe, expect, it } from 'vitest';
import { Call, type CallHost } from '#client/call.ts';
import { CarillonError, type CarillonErrorCode } from '#client/errors.ts';
import type { Participation } from '#client/participation.ts';

/** A call that rings here, each of whose commands is refused. */
function refused(code: CarillonErrorCode): Call {
  const part: Participation = { phase: 'incoming', outgoing: false, ringId: 'r1' };
  const host: Partial<CallHost> = {
    part: () => undefined,
    put: (_, next) => call.step(next),
    ask: async () => {
      throw new CarillonError(code, 'refused');
    },
  };
  const call = new Call('default:c', part, host as CallHost);
  return call;
}

describe('a phone that declines or hangs up what rings', () => {
  it.each(['already_answered', 'not_allowed', 'not_ringing', 'call_ended', 'not_found', 'not_a_member'] as const)(
    'is told nothing more if it was over: %s',
    async (code) => {
      for (const act of ['reject', 'hangUp'] as const)
        expect(await refused(code)[act]()).toMatchObject({ status: 'ended', reason: 'rejected' });
    },
  );

  it.each(['offline', 'timeout', 'validation_failed', 'unauthenticated', 'internal'] as const)(
    'falls silent, and says that nobody has heard: %s',
    async (code) => {
      for (const act of ['reject', 'hangUp'] as const) {
        const call = refused(code);
        await expect(call[act]()).rejects.toMatchObject({ code });
        expect(call.status).toBe('ended');
      }
    },
  );
});
