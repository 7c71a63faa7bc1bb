import { z } from 'zod';
import { localPart } from '../../tools/local-stack.ts';

/** The environment of a stack that plays AWS. */
export const LIKE_AWS = { CARILLON_PROFILE: 'aws', CARILLON_SETTINGS: JSON.stringify({ events: false }) };

/** Says if the processes of the functions of a stack have the whole machine, since there are no control groups. */
export async function tellShares(url: string): Promise<void> {
  const { unavailable } = await localPart(url, '/_local/profile', z.object({ unavailable: z.string().optional() }));
  if (unavailable !== undefined)
    process.stderr.write(
      `Without the processor shares of Lambda, since control groups cannot be written: ${unavailable}\n`,
    );
}
