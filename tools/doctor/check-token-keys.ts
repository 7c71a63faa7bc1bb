import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint, tokenVerifier } from '#adapters/jwt/tokens.ts';
import { type Clock, later, MINUTE_MS } from '#domain/time.ts';
import type { Finding } from '#ports/checkup-store.ts';
import { faultsOf } from './faults.ts';
import { about } from './finding.ts';

const USER_ID = 'carillon-doctor';

/** Checks that the key ring in the secret `token-keys` verifies what it signs, and that the stack accepts it. */
export async function checkTokenKeys(url: string, read: () => Promise<string>, clock: Clock): Promise<Finding[]> {
  const keys = about('secret token-keys');
  const ring = keyRing(read, clock);
  try {
    const token = await tokenMint(ring, clock).login({ userId: USER_ID }, later(clock(), 10 * MINUTE_MS));
    if ((await tokenVerifier(ring, clock).verify(token)).kind === 'refused')
      return [
        keys.fix('does not verify what it signs: current must name an entry that is a key of at least 16 characters'),
      ];
    const { status } = await fetch(new URL('/api/v2/video/calls?limit=1', url), {
      headers: { authorization: `Bearer ${token}` },
    });
    if (status === 200) return [keys.good('the stack accepts a token signed with the current key')];
    if (status !== 401)
      return [
        keys.fix(
          `the stack answers ${status} to a token signed with the current key: look for errors in the log of the function http`,
        ),
      ];
    return [
      keys.fix(
        'the stack does not accept a token signed with the current key: after a change of the secret, wait five minutes until the functions read it again; otherwise this is the secret of another stage',
      ),
    ];
  } catch (error) {
    return [keys.fix(`${faultsOf(error)}: the secret must be {"current":"k1","k1":"<at least 16 characters>"}`)];
  }
}
