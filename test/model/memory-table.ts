import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Row, Table } from '#adapters/dynamodb/table.ts';
import type { Clock } from '#domain/time.ts';

/** The parts of a request that this table understands. */
interface Input {
  readonly Item?: Row;
  readonly Key?: Row;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  readonly ReturnValues?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Row[] }>>;
  readonly TransactItems?: readonly Readonly<Record<string, Input>>[];
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
}

const keyOf = (row: Row | undefined): string => `${String(row?.['pk'])}\n${String(row?.['sk'])}`;

/** A copy as it comes back from a table: without what is undefined. */
function copyOf(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, held]) => (held === undefined ? [] : [[name, copyOf(held)]])),
  );
}

const isMap = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same text for equal values, whatever the order of their fields. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, held: unknown) =>
    isMap(held) ? Object.fromEntries(Object.entries(held).toSorted(([a], [b]) => (a < b ? -1 : 1))) : held,
  );

/** A table in memory that does what the product's stores ask of DynamoDB, and refuses everything else. Many games play on it in little time. */
export function memoryTable(clock: Clock): Table {
  const rows = new Map<string, Row>();

  const query = ({ ExpressionAttributeValues: values = {}, ScanIndexForward = true, Limit }: Input) => {
    const [pk, from, to] = [':pk', ':from', ':to'].map((name) => String(values[name]));
    const found = [...rows.values()]
      .filter((row) => row['pk'] === pk && String(row['sk']) >= String(from) && String(row['sk']) <= String(to))
      .toSorted((a, b) => (String(a['sk']) < String(b['sk']) ? -1 : 1));
    return { Items: (ScanIndexForward ? found : found.toReversed()).slice(0, Limit).map(copyOf) };
  };

  const holds = (input: Input, row: Row | undefined): boolean =>
    input.ConditionExpression === undefined || condition(input.ConditionExpression, input, row ?? {});

  const check = (input: Input, row: Row | undefined): void => {
    if (holds(input, row)) return;
    const shown = row && input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    throw new ConditionalCheckFailedException({
      message: 'The conditional request failed',
      $metadata: {},
      ...(shown && { Item: marshall(row, { convertClassInstanceToMap: true }) }),
    });
  };

  const put = (input: Input): object => {
    check(input, rows.get(keyOf(input.Item)));
    rows.set(keyOf(input.Item), copyOf(input.Item) as Row);
    return {};
  };

  const remove = (input: Input): object => {
    check(input, rows.get(keyOf(input.Key)));
    rows.delete(keyOf(input.Key));
    return {};
  };

  const update = (input: Input): object => {
    const row = rows.get(keyOf(input.Key));
    check(input, row);
    const next = copyOf({ ...row, ...input.Key }) as Row;
    write(input, next);
    rows.set(keyOf(input.Key), next);
    return { Attributes: copyOf(input.ReturnValues === 'ALL_OLD' ? row : next) };
  };

  const transact = ({ TransactItems = [] }: Input): object => {
    const writes = TransactItems.flatMap((item) => Object.entries(item));
    const fail = writes.some(([, input]) => !holds(input, rows.get(keyOf(input.Item ?? input.Key))));
    if (fail) throw new TransactionCanceledException({ message: 'Transaction cancelled', $metadata: {} });
    for (const [kind, input] of writes) (kind === 'Put' ? put : remove)(input);
    return {};
  };

  const commands: Readonly<Record<string, (input: Input) => object>> = {
    GetCommand: ({ Key }) => ({ Item: copyOf(rows.get(keyOf(Key))) }),
    BatchGetCommand: ({ RequestItems = {} }) => ({
      Responses: Object.fromEntries(
        Object.entries(RequestItems).map(([name, { Keys }]) => [
          name,
          Keys.flatMap((key) => copyOf(rows.get(keyOf(key))) ?? []),
        ]),
      ),
    }),
    QueryCommand: query,
    PutCommand: put,
    DeleteCommand: remove,
    UpdateCommand: update,
    TransactWriteCommand: transact,
  };

  const send = async (command: { readonly input: Input }): Promise<object> => {
    const run = commands[command.constructor.name];
    if (!run) throw new Error(`the table in memory does not know ${command.constructor.name}`);
    return { $metadata: {}, ...run(command.input) };
  };
  // The paginator of the SDK asks for an instance of its client.
  const db: DynamoDBDocumentClient = Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
  const onUnreadable = (_: unknown, error: unknown): void => {
    throw error;
  };
  return { db, name: 'memory', clock, onUnreadable };
}

/** The attribute names on the way to a value. */
const pathOf = (text: string, { ExpressionAttributeNames: names = {} }: Input): string[] =>
  text.split('.').map((part) => (part.startsWith('#') ? (names[part] ?? '') : part));

function heldBy(text: string, input: Input, row: Row): unknown {
  if (text.startsWith(':')) return input.ExpressionAttributeValues?.[text];
  return pathOf(text, input).reduce<unknown>(
    (held, name) => (isMap(held) && Object.hasOwn(held, name) ? held[name] : undefined),
    row,
  );
}

/** Whether an expression of comparisons, `attribute_…exists`, `contains`, AND, OR, NOT and parentheses holds for a row. */
function condition(text: string, input: Input, row: Row): boolean {
  const tokens = text.match(/attribute_(?:not_)?exists|contains|\(|\)|<>|<=|<|=|AND|OR|NOT|[#:\w.]+/g) ?? [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const term = (): boolean => {
    const first = next();
    if (first === 'NOT') return !term();
    if (first === 'contains') {
      next();
      const held = heldBy(next(), input, row);
      const isIn = held instanceof Set && held.has(heldBy(next(), input, row));
      next();
      return isIn;
    }
    if (first === '(') {
      const inner = either();
      next();
      return inner;
    }
    if (first.startsWith('attribute_')) {
      next();
      const isThere = heldBy(next(), input, row) !== undefined;
      next();
      return first === 'attribute_exists' ? isThere : !isThere;
    }
    const comparison = next();
    return compare(heldBy(first, input, row), comparison, heldBy(next(), input, row));
  };
  const both = (): boolean => {
    let result = term();
    while (tokens[at] === 'AND') {
      at += 1;
      const other = term();
      result = result && other;
    }
    return result;
  };
  const either = (): boolean => {
    let result = both();
    while (tokens[at] === 'OR') {
      at += 1;
      const other = both();
      result = result || other;
    }
    return result;
  };
  return either();
}

function compare(a: unknown, comparison: string, b: unknown): boolean {
  if (comparison === '<>') return canonical(a) !== canonical(b);
  if (a === undefined || b === undefined) return false;
  switch (comparison) {
    case '=':
      return canonical(a) === canonical(b);
    case '<':
      return Number(a) < Number(b);
    case '<=':
      return Number(a) <= Number(b);
    default:
      throw new Error(`the table in memory does not know ${comparison}`);
  }
}

/** Writes what an update expression of SET, ADD, DELETE and REMOVE says. */
function write(input: Input, row: Row): void {
  const before = copyOf(row) as Row;
  const clauses = (input.UpdateExpression ?? '').trim().split(/\s*\b(?=SET |ADD |DELETE |REMOVE )/);
  for (const clause of clauses.filter(Boolean)) {
    const space = clause.indexOf(' ');
    const kind = clause.slice(0, space);
    for (const part of clause.slice(space + 1).split(/,\s*(?![^(]*\))/)) {
      const [path = '', how = ''] = part.trim().split(/ = | /);
      place(row, pathOf(path, input), copyOf(written(kind, path, part.slice(part.indexOf(how)).trim(), input, before)));
    }
  }
}

/** What a part of an update expression makes of the value at `path`. */
function written(kind: string, path: string, how: string, input: Input, before: Row): unknown {
  if (kind === 'REMOVE') return undefined;
  if (kind !== 'SET') return added(kind, heldBy(path, input, before), heldBy(how, input, before));
  const [, held, otherwise] = /^if_not_exists\((.+), (.+)\)$/.exec(how) ?? [];
  if (held === undefined) return heldBy(how, input, before);
  return heldBy(held, input, before) ?? heldBy(otherwise ?? '', input, before);
}

/** A number that is more by another, or a set with some elements more or less: one without any is no value. */
function added(kind: string, old: unknown, given: unknown): unknown {
  if (!(given instanceof Set)) return Number(old ?? 0) + Number(given);
  const before: unknown[] = old instanceof Set ? [...old] : [];
  const next = kind === 'ADD' ? [...before, ...given] : before.filter((element) => !given.has(element));
  return next.length === 0 ? undefined : new Set(next);
}

function place(row: Row, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce<unknown>((held, name) => (isMap(held) ? held[name] : undefined), row);
  const name = path.at(-1) ?? '';
  if (!isMap(parent)) throw new Error(`the document path ${path.join('.')} is invalid for update`);
  if (value === undefined) delete parent[name];
  else parent[name] = value;
}
