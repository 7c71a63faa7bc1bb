import { insistent } from '#adapters/aws/client-settings.ts';
import { PATIENCE_MS } from './patience.ts';

/**
 * Lets whatever plays AWS for this test file take as long as a busy machine needs. The product's own limits are shorter,
 * and a table that shares its processors with the tests may exceed them.
 */
export function waitForAws(): void {
  const { requestHandler } = insistent();
  for (const limit of ['connectionTimeout', 'requestTimeout'] as const)
    requestHandler.updateHttpClientConfig(limit, PATIENCE_MS);
}
