import { holdsPlace, isPresent } from '#domain/room/room.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Passage } from '#ports/room-store.ts';

/** The conditional update that takes an occupant from one stage to another, where `passedBy` names it, or out of the room. */
export function passageUpdate(
  { connectionId, from, to, version }: Passage,
  { now, passedBy }: { readonly now: EpochMs; readonly passedBy: string },
) {
  const next = to === 'out' ? undefined : to;
  const freed = Number(holdsPlace(from)) - Number(holdsPlace(next));
  const change =
    next === undefined
      ? 'REMOVE occupants.#connection'
      : 'SET occupants.#connection.#stage = :to, occupants.#connection.#since = :now, occupants.#connection.passedBy = :id';
  return {
    UpdateExpression: `${change} ADD version :changed, places :freed`,
    ConditionExpression: `occupants.#connection.#stage = :from${version === undefined ? '' : ' AND version = :version'}`,
    ExpressionAttributeNames: {
      '#connection': connectionId,
      '#stage': 'stage',
      ...(next !== undefined && { '#since': 'since' }),
    },
    ExpressionAttributeValues: {
      ':from': from,
      ':changed': Number(isPresent(from) !== isPresent(next)),
      ':freed': -freed,
      ...(next !== undefined && { ':to': next, ':now': now, ':id': passedBy }),
      ...(version !== undefined && { ':version': version }),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
}
