import { ServiceError } from '#domain/errors.ts';

/** Every lost race means that somebody else moved on: this many in a row is not contention but a fault. */
export const MAX_TRIES = 20;

/** The error of a request that lost that many races in a row. */
export const contended = (cid: string): ServiceError =>
  new ServiceError('contended', `${cid} changes too fast: try again`);
