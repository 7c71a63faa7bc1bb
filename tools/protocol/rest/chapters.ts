import type { ErrorCode } from '#domain/errors.ts';
import { type Operation, type OperationId, operations } from '#wire/rest/operations.ts';
import { calls } from './calls.ts';
import type { Chapter, Described } from './described.ts';
import { devices } from './devices.ts';
import { operators } from './operators.ts';
import { privacy } from './privacy.ts';
import { service } from './service.ts';
import { sessions } from './sessions.ts';
import { signals } from './signals.ts';
import { users } from './users.ts';

/** The chapters of the REST API, in reading order. */
export const chapters: readonly Chapter[] = [service, users, devices, calls, signals, privacy, sessions, operators];

/** Every operation in words; without one of them it does not compile. */
const described: Readonly<Record<OperationId, Described>> = {
  ...service.operations,
  ...devices.operations,
  ...calls.operations,
  ...signals.operations,
  ...privacy.operations,
  ...sessions.operations,
  ...users.operations,
  ...operators.operations,
};

/** An operation, and everything that the documents say about it. */
export interface Documented extends Described {
  readonly id: string;
  readonly operation: Operation;
  readonly chapter: string;
  /** Every code that may refuse it. */
  readonly refusals: readonly ErrorCode[];
}

/** The codes that may refuse any operation of this kind. */
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
