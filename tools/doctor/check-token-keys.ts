import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint, tokenVerifier } from '#adapters/jwt/tokens.ts';
import { type Clock, later, MINUTE_MS } from '#domain/time.ts';
import { faultsOf } from './faults.ts';
import { about, type Finding } from './finding.ts';

const SOMEBODY = 'carillon-doctor';

/** Whether the key ring in the secret `token-keys` signs what it verifies, and whether the stack takes what it signs. */
export async function checkTokenKeys(url: string, read: () => Promise<string>, clock: Clock): Promise<Finding[]> {
  const keys = about('secret token-keys');
  const ring = keyRing(read, clock);
  try {
    const token = await tokenMint(ring, clock).login({ userId: SOMEBODY }, later(clock(), 10 * MINUTE_MS));
    if ((await tokenVerifier(ring, clock).verify(token)).kind === 'refused')
      return [
        keys.fix('does not verify what it signs: put a key of at least 16 characters under the id that current names'),
      ];
    const { status } = await fetch(new URL('/api/v2/video/calls?limit=1', url), {
      headers: { authorization: `Bearer ${token}` },
    });
    if (status === 200) return [keys.good('the stack takes a token signed with the current key')];
    if (status !== 401)
      return [
        keys.fix(
          `the stack answers ${status} to a token signed with the current key: see the log of the function http`,
        ),
      ];
    return [
      keys.fix(
        'the stack does not take a token signed with the current key: functions read the secret again after five minutes, so wait that long after a change; else this is the secret of another stage',
      ),
    ];
  } catch (error) {
    return [keys.fix(`${faultsOf(error)}: it has to be {"current":"k1","k1":"<at least 16 characters>"}`)];
  }
}
