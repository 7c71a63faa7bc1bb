import * as z from 'zod';
import type { StageCallPage, Trace, UserAnswer } from '#client/wire.ts';
import { ask, type Stack } from '../ring/stack.ts';
import type { Question } from './options.ts';
import type { FindRefusals, Refusal } from './refusals.ts';

/** A call of the user, and its trace. */
export type Call = StageCallPage['calls'][number] & Pick<Trace, 'trace'>;

/** All that can be found out about a question. */
export interface Evidence {
  /** The closest to the time first. */
  readonly calls: readonly Call[];
  /** Whether there are more calls than are looked at. */
  readonly isCut: boolean;
  readonly user: UserAnswer['user'];
  /** In order of time; absent if the log could not be read, and why. */
  readonly refusals: readonly Refusal[] | Error;
}

/** What the API answers is described by its own document: nothing is checked here but that it is JSON. */
const answerOf = <Answer>() => z.custom<Answer>((value) => typeof value === 'object' && value !== null);

/** So many calls of a user are looked at. */
const MAX_CALLS = 10;

/** Finds everything about a question, with an operator token for the stack. */
export async function evidenceFor(
  stack: Stack,
  findRefusals: FindRefusals,
  { user, at, withinMs }: Question,
): Promise<Evidence> {
  const [from, to] = [at - withinMs, at + withinMs];
  const get = <Answer>(path: string) => ask(stack, answerOf<Answer>(), { method: 'GET', path });
  const span = new URLSearchParams({ user_id: user, from: moment(from), to: moment(to), limit: '100' });
  const [page, { user: known }, refusals] = await Promise.all([
    get<StageCallPage>(`/api/v2/calls?${span}`),
    get<UserAnswer>(`/api/v2/users/${encodeURIComponent(user)}`),
    findRefusals({ user, from, to }).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    ),
  ]);
  const closest = page.calls.toSorted((a, b) => distance(a, at) - distance(b, at)).slice(0, MAX_CALLS);
  const calls = await Promise.all(
    closest.map(async (call) => {
      const { trace } = await get<Trace>(`${pathOf(call)}/trace`);
      return { ...call, trace };
    }),
  );
  return {
    calls,
    isCut: closest.length < page.calls.length || page.next !== undefined,
    user: known,
    refusals: Array.isArray(refusals)
      ? refusals.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
      : refusals,
  };
}

const moment = (at: number): string => new Date(at).toISOString();

/** The path of a call in the API. */
export const pathOf = ({ call: { type, id } }: Pick<Call, 'call'>): string => `/api/v2/video/call/${type}/${id}`;

/** How far from `at` a call was: nothing while it went on. */
function distance({ call }: StageCallPage['calls'][number], at: number): number {
  const [began, ended] = [Date.parse(call.created_at), Date.parse(call.ended_at ?? call.created_at)];
  return Math.max(began - at, at - ended, 0);
}
