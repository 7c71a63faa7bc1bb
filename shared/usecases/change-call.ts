import { type CallAction, mayAct } from '#domain/access.ts';
import type { Call } from '#domain/call.ts';
import type { User } from '#domain/caller.ts';
import { overdue } from '#domain/clockwork.ts';
import { type Command, decide } from '#domain/decide.ts';
import { ServiceError } from '#domain/errors.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type AnnounceDeps, announce } from './announce.ts';

export interface ChangeCallDeps extends AnnounceDeps {
  readonly calls: CallStore;
}

/** A command of somebody on a call; made anew each time that the call turns out to have changed meanwhile. */
export interface Request {
  readonly cid: string;
  readonly user: User;
  readonly action: CallAction;
  readonly command: (call: Call) => Command | Promise<Command>;
  readonly offer?: boolean;
  readonly trace?: readonly TraceEvent[];
}

/** Every lost race means that somebody else moved on: this many in a row is not contention but a fault. */
const MAX_TRIES = 20;

/** Decides a command on the call as it is, writes it and announces it; what time has made of the call comes first. */
export const changeCall = (deps: ChangeCallDeps) => {
  const { calls, clock } = deps;
  const tell = announce(deps);
  return async ({ cid, user, action, command, offer = false, trace = [] }: Request): Promise<Call> => {
    let call = await calls.find(cid);
    let done = false;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (!call) throw new ServiceError('not_found', `there is no call ${cid}`);
      const due = overdue(call, clock());
      if (!due && done) return call;
      const change = due ?? (await decided(call, user, action, command, clock));
      if (change === 'unchanged') return call;
      const written = await calls.apply(change);
      call = written.call;
      if (written.kind === 'conflict') continue;
      await tell({ change, call: written.call, ...(!due && { by: user, offer, trace }) });
      done ||= !due;
    }
    throw new ServiceError('contended', `${cid} changes too fast: try again`);
  };
};

async function decided(
  call: Call,
  user: User,
  action: CallAction,
  command: Request['command'],
  clock: AnnounceDeps['clock'],
) {
  if (!mayAct(user, action, call)) throw new ServiceError('not_allowed', 'this token does not allow that');
  const decision = decide(call, await command(call), clock());
  switch (decision.kind) {
    case 'refused':
      throw new ServiceError(decision.code, decision.why, decision.code === 'call_ended' ? { call } : {});
    case 'unchanged':
      return 'unchanged';
    case 'changed':
      return decision.change;
  }
}
