import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Principal } from '#domain/identity.ts';

/** Who asks, as far as it is known: of a refused token no more than whose it was. */
export interface Asker {
  readonly userId?: string | undefined;
  readonly principal?: Principal;
}

const askers = new WeakMap<APIGatewayProxyEventV2, Asker>();

/** Remembers who sent an event, for what is to be said and written if it fails. */
export const rememberAsker = (event: APIGatewayProxyEventV2, asker: Asker): void => void askers.set(event, asker);

/** Who sent an event, once that is known. */
export const askerOf = (event: APIGatewayProxyEventV2): Asker => askers.get(event) ?? {};
