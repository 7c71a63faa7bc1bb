import { type Call, connectionsOf, type Member } from '#domain/call/call.ts';
import { type Connection, hears } from '#ports/presence-store.ts';
import { forgetConnection, isOpening, type SendToUserDeps } from './send-to-user.ts';

/**
 * Those of a member's connections that belong to the handset by which they take part in a call, and are open. Each is
 * looked at, since `$disconnect` may be late or never come: one that has gone is forgotten, and its user watched for.
 */
export const openOnHandset =
  (deps: SendToUserDeps) =>
  async (
    { cid }: Pick<Call, 'cid'>,
    member: Member,
    connections: readonly Connection[],
  ): Promise<readonly Connection[]> => {
    const { peers, clock } = deps;
    const { handset } = member;
    // A handset without an id has sent a command over this one: it is not about to open.
    const wasOpen = ({ id }: Connection): boolean => handset?.hardwareId === undefined && id === handset?.connectionId;
    const isGone = async (on: Connection): Promise<boolean> =>
      (wasOpen(on) || !isOpening(on, clock())) && !(await peers.isOpen(on));
    const hearing = connections.filter((on) => hears(on, cid));
    const known = connectionsOf(member, hearing);
    const gone = new Set((await Promise.all(known.map(async (on) => ((await isGone(on)) ? [on] : [])))).flat());
    if (gone.size === 0) return known;
    await Promise.all([...gone].map(forgetConnection(deps)));
    return connectionsOf(
      member,
      hearing.filter((on) => !gone.has(on)),
    );
  };
