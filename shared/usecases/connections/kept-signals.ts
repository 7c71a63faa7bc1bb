import { type Call, memberOf } from '#domain/call/call.ts';
import type { SignalRelayed } from '#ports/call-event.ts';
import type { Mailbox } from '#ports/mailbox.ts';

/** The signals that wait for a member of a call, as events. Nobody is sent their own. */
export const keptSignals =
  ({ mailbox }: { readonly mailbox: Mailbox }) =>
  async (call: Call, userId: string): Promise<SignalRelayed[]> => {
    const { cid } = call;
    const kept = await mailbox.read({ cid, userId, ringId: memberOf(call, userId)?.ringId });
    return kept.filter(({ from }) => from !== userId).map((signal) => ({ type: 'signal', cid, call, signal }));
  };
