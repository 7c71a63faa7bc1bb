import { invalid } from '#domain/errors.ts';
import { MAX_BLOCKS } from '#domain/protection/guard.ts';
import type { Clock } from '#domain/time.ts';
import type { Block, GuardStore } from '#ports/guard-store.ts';

export interface BlocksDeps {
  readonly guards: GuardStore;
  readonly clock: Clock;
}

/** Blocks another user: their rings are not heard from now on. */
export const blockUser =
  ({ guards, clock }: BlocksDeps) =>
  async (userId: string, other: string): Promise<void> => {
    if (other === userId) throw invalid('user_id', 'nobody can block themselves');
    if (!(await guards.block(userId, { userId: other, createdAt: clock() })))
      throw invalid('user_id', `a user can block at most ${MAX_BLOCKS} others`);
  };

/** Whom a user has blocked, the latest first. */
export const listBlocks =
  ({ guards }: Pick<BlocksDeps, 'guards'>) =>
  async (userId: string): Promise<Block[]> =>
    (await guards.blocks(userId)).toSorted((a, b) => b.createdAt - a.createdAt);
