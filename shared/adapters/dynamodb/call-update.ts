import { type Call, type Member, memberOf } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';

/** The parts of a conditional update. */
export interface Expressions {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/** With more members than this, a condition on each would exceed DynamoDB's limits. Then the version is the lock. */
const MAX_LOCKED_MEMBERS = 8;

/** The update that writes `change`, if what it was decided on still holds. `writtenBy` names it in the row. */
export function callUpdate({ from, to }: Change, writtenBy: string): Expressions {
  const names: Record<string, string> = { '#version': 'version', '#status': 'status', '#members': 'members' };
  const values: Record<string, unknown> = { ':one': 1, ':writtenBy': writtenBy };
  const name = (text: string, alias: string): string => {
    names[alias] = text;
    return alias;
  };
  const value = (held: unknown, alias: string): string => {
    values[alias] = held;
    return alias;
  };

  const fields = changedFields(from, to).map((field, i) => `${name(field, `#f${i}`)} = ${value(to[field], `:f${i}`)}`);
  const touched = touchedMembers(from, to);
  const members = touched.map((member, i) => `#members.${name(member.userId, `#m${i}`)} = ${value(member, `:m${i}`)}`);

  const locked = lockedMembers(from, to, touched);
  const conditions =
    locked === 'version'
      ? [`#version = ${value(from.version, ':version')}`]
      : [
          `#status = ${value(from.status, ':status')}`,
          ...locked.map((member, i) => {
            const path = `#members.${name(member.userId, `#l${i}`)}`;
            const before = memberOf(from, member.userId);
            const state = `${path}.${name('state', '#state')} = ${value(before?.state, `:s${i}`)}`;
            return before?.ringId === undefined
              ? state
              : `${state} AND ${path}.${name('ringId', '#ringId')} = ${value(before.ringId, `:r${i}`)}`;
          }),
        ];
  const sets = [...fields, ...members, 'writtenBy = :writtenBy'];
  if (locked === 'version') delete names['#status'];
  if (members.length === 0 && (locked === 'version' || locked.length === 0)) delete names['#members'];
  return {
    UpdateExpression: `SET ${sets.join(', ')} ADD #version :one`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

const changedFields = (from: Call, to: Call): (keyof Call)[] =>
  keysOf(to).filter((field) => field !== 'members' && field !== 'version' && to[field] !== from[field]);

const keysOf = (call: Call): (keyof Call)[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets that these are the keys of a Call
  Object.keys(call) as (keyof Call)[];

const touchedMembers = (from: Call, to: Call): Member[] =>
  Object.values(to.members).filter((member) => memberOf(from, member.userId) !== member);

/** The members whose state the decision rests on. An end and an addition rest on all members, including those that were added meanwhile, and a ring rests on the rings before it. */
function lockedMembers(from: Call, to: Call, touched: Member[]): Member[] | 'version' {
  const adds = touched.some(({ userId }) => !memberOf(from, userId));
  if (to.status === 'ended' || to.ringIds !== from.ringIds || adds) return 'version';
  return touched.length > MAX_LOCKED_MEMBERS ? 'version' : touched;
}
