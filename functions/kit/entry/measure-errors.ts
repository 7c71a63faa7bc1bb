import type { SpokenDialect } from '#domain/dialect.ts';
import { ServiceError } from '#domain/errors.ts';
import type { Measurement, Meter } from '#ports/meter.ts';
import { meter as ownMeter } from '../observe/meter.ts';
import type { Middleware } from './entry-point.ts';
import { Unauthorized } from './seal.ts';

const name = 'measure-errors';

export interface MeasureErrorsOptions {
  /** @default the function's own */
  readonly meter?: Meter;
  /** What those speak whom an authorizer refuses. @default native */
  readonly dialect?: SpokenDialect;
}

/** Counts what breaks a handler, if an operator has to know. */
export const measureErrors = ({ meter = ownMeter, dialect = 'native' }: MeasureErrorsOptions = {}): Middleware => ({
  name,
  onError({ error }) {
    const measurement = measurementOf(error, dialect);
    if (measurement) meter.record(measurement);
  },
});

function measurementOf(error: unknown, dialect: SpokenDialect): Measurement | undefined {
  // Lambda counts a refused connection as an error of the function: the alarm subtracts these.
  if (error instanceof Unauthorized) return { type: 'connection_refused', dialect, reason: error.reason };
  if (error instanceof ServiceError) return error.code === 'contended' ? { type: 'contended' } : undefined;
  return { type: 'internal_error' };
}
