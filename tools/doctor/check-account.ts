import type { Finding } from '#ports/checkup-store.ts';
import { about } from './finding.ts';

/** Fewer functions at once lose frames when several people call at the same time. New accounts often start with 10. */
const ENOUGH = 100;

/** Checks how many functions the account may run at once. `concurrency` reads that limit; without it there is no account, as in the local stack. */
export async function checkAccount(concurrency: (() => Promise<number>) | undefined): Promise<Finding[]> {
  if (!concurrency) return [];
  const account = about('account');
  try {
    const limit = await concurrency();
    if (limit >= ENOUGH) return [account.good(`runs up to ${limit} functions at once`)];
    return [
      account.fix(
        `runs only ${limit} functions at once, so that frames are lost when several people call: ask for at least 1000 with ` +
          'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
      ),
    ];
  } catch (error) {
    return [
      account.note(
        `not checked (${error instanceof Error ? error.message : String(error)}): needs the right lambda:GetAccountSettings`,
      ),
    ];
  }
}
