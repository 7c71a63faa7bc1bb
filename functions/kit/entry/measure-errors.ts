import { ServiceError } from '#domain/errors.ts';
import type { Measurement, Meter } from '#ports/meter.ts';
import { meter as ownMeter } from '../observe/meter.ts';
import type { Middleware } from './entry-point.ts';
import { Unauthorized } from './seal.ts';

const name = 'measure-errors';

export interface MeasureErrorsOptions {
  /** @default the function's own */
  readonly meter?: Meter;
}

/** Counts what breaks a handler, if an operator has to know. */
export const measureErrors = ({ meter = ownMeter }: MeasureErrorsOptions = {}): Middleware => ({
  name,
  onError({ error }) {
    const measurement = measurementOf(error);
    if (measurement) meter.record(measurement);
  },
});

function measurementOf(error: unknown): Measurement | undefined {
  // Lambda counts a refused connection as an error of the function: the alarm subtracts these.
  if (error instanceof Unauthorized) return { type: 'connection_refused' };
  if (error instanceof ServiceError) return error.code === 'contended' ? { type: 'contended' } : undefined;
  return { type: 'internal_error' };
}
