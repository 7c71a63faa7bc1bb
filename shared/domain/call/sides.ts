import { type Call, isPair, type Member, memberOf, type Person, ringerOf } from './call.ts';

/** The two sides of a call, as one of them sees it. */
export interface Sides {
  readonly call: Call;
  readonly member: Member;
  readonly other: Member;
}

/** The type of the calls that are known by who is in them. */
export const PAIR_TYPE = 'default';

/** The sides of a call that is known by who is in it: one of two people, of the usual type. */
export function sidesOf(call: Call, userId: string): Sides | undefined {
  const member = memberOf(call, userId);
  const other = Object.values(call.members).find((one) => one.userId !== userId);
  if (!member || !other || !isPair(call) || call.type !== PAIR_TYPE) return undefined;
  return { call, member, other };
}

/** The other side as it is shown, by the `name` that is known of them. */
export function personOf({ call, member, other }: Sides, name?: string): Person {
  const known = [ringerOf(call, member), call.createdBy].find(({ id }) => id === other.userId);
  const shown = name ?? known?.name;
  return { id: other.userId, ...(shown !== undefined && { name: shown }) };
}

/** Whether this side rings the other, or rang them last. */
export const isRinger = ({ call, member, other }: Sides): boolean =>
  other.ringId !== undefined && ringerOf(call, other).id === member.userId;
