import { z } from 'zod';
import type { Account } from '../../aws/lambda/account.ts';

const change = z.object({ concurrent_executions: z.number().int().min(0).nullable() });

/** How many invocations run at once in the account, and what its limit has done since it was set. */
export const accountState = ({ limit, running, most, throttled }: Account): object => ({
  concurrent_executions: limit ?? null,
  running,
  most,
  throttled,
});

/** Limits how many invocations may run at once, as the quota of an account does. Null: as many as there are. */
export function limitAccount(account: Account, body: unknown): object {
  account.setLimit(change.parse(body).concurrent_executions ?? undefined);
  return accountState(account);
}
