import type { ErrorCode } from '#domain/errors.ts';
import { type Operation, type OperationId, operations } from '#wire/rest/operations.ts';
import { calls } from './calls.ts';
import type { Chapter, Described } from './described.ts';
import { devices } from './devices.ts';
import { service } from './service.ts';
import { signals } from './signals.ts';

/** The chapters of the REST API, in the order in which one reads them. */
export const chapters: readonly Chapter[] = [service, devices, calls, signals];

/** Every operation, described: one that is not does not compile. */
const described: Readonly<Record<OperationId, Described>> = {
  ...service.operations,
  ...devices.operations,
  ...calls.operations,
  ...signals.operations,
};

/** An operation with all that there is to say of it. */
export interface Documented extends Described {
  readonly id: string;
  readonly operation: Operation;
  readonly chapter: string;
  /** Every code with which it may be refused. */
  readonly refusals: readonly ErrorCode[];
}

/** Why any operation of its kind may be refused. */
function usual({ kinds, body, query, path }: Operation): ErrorCode[] {
  return [
    ...(body ? (['invalid_json', 'payload_too_large'] as const) : []),
    ...(body || query || kinds.length > 0 || path.includes('{') ? (['validation_failed'] as const) : []),
    ...(kinds.length > 0 ? (['unauthenticated', 'not_allowed'] as const) : []),
    'internal',
  ];
}

/** All operations, by chapter. */
export const documented: readonly Documented[] = chapters.flatMap(({ name, operations: ids }) =>
  Object.keys(ids)
    .filter(isOperation)
    .map((id) => {
      const operation: Operation = operations[id];
      const refusals = [...new Set([...usual(operation), ...(described[id].codes ?? [])])];
      return { ...described[id], id, operation, chapter: name, refusals };
    }),
);

function isOperation(id: string): id is OperationId {
  return Object.hasOwn(operations, id);
}
