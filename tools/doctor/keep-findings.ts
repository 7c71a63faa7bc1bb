import { Rest } from '#client/rest.ts';
import { Tokens } from '#client/tokens.ts';
import type { Clock } from '#domain/time.ts';
import type { Finding } from '#ports/checkup-store.ts';
import { operatorToken } from '../operator-token.ts';
import type { Deployment } from './deployment.ts';

/** Has a deployment keep what was found, for its console, by the name of whoever asked. */
export async function keepFindings(
  { url, secret }: Deployment,
  findings: readonly Finding[],
  name: string,
  clock: Clock,
): Promise<void> {
  const token = await operatorToken(() => secret('token-keys'), name, clock);
  await new Rest(new URL(url).origin, new Tokens(token, clock)).request('PUT', '/api/v2/doctor', { findings });
}
