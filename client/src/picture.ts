import type { Call, Member } from './wire.ts';

/** What an event, an answer or a read says of a call. */
export interface News {
  readonly call: Call;
  /** All members, or those that changed. */
  readonly members: readonly Member[];
}

/** The newest that is known of a call and of each of its members. */
export interface Picture {
  readonly call: Call;
  readonly members: ReadonlyMap<string, { readonly member: Member; readonly version: number }>;
}

/**
 * Adds news to a picture. News may come late, twice and in any order: the higher `version` wins, for the call and for
 * each member by itself. An equal version is not old, since events of one change share it.
 */
export function merge(picture: Picture | undefined, { call, members }: News): Picture {
  const all = new Map(picture?.members);
  for (const member of members) {
    const known = all.get(member.user_id);
    if (!known || known.version <= call.version) all.set(member.user_id, { member, version: call.version });
  }
  return { call: picture && picture.call.version > call.version ? picture.call : call, members: all };
}

/** The members in the order in which they were first heard of. */
export const membersOf = ({ members }: Picture): readonly Member[] => [...members.values()].map(({ member }) => member);
