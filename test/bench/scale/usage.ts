import { api } from '../../support/raw-client.ts';
import { quiet } from './quiet.ts';

/** What something would be billed: the units of DynamoDB by the kind of item, and counts of the rest. */
export interface Units {
  readonly write_units: Readonly<Record<string, number>>;
  readonly read_units: Readonly<Record<string, number>>;
  readonly sqs_requests: number;
  readonly invocations: number;
  readonly messages_out: number;
}

/** The part of the local stack's answer that is used here. */
interface Usage {
  readonly dynamodb: Readonly<Record<string, { readonly write_units: number; readonly read_units: number }>>;
  readonly sqs: Readonly<Record<string, { readonly requests: number }>>;
  readonly lambda: Readonly<Record<string, { readonly invocations: number; readonly cold_starts: number }>>;
  readonly websocket: { readonly messages_out: number };
}

/** What a metered stack bills from the start of some work until it is quiet again and no more than a number of sockets are open. */
export async function unitsOf<Result>(
  url: string,
  act: () => Promise<Result>,
  connections?: number,
): Promise<{ readonly result: Result; readonly units: Units }> {
  await quiet(url);
  await api(url).request('DELETE', '/_local/usage');
  const result = await act();
  await quiet(url, connections);
  const { body } = await api(url).request('GET', '/_local/usage');
  return { result, units: unitsIn(body) };
}

/** How many processes of functions a stack has started so far. */
export async function coldStarts(url: string): Promise<number> {
  const { body }: { body: Pick<Usage, 'lambda'> } = await api(url).request('GET', '/_local/usage');
  return total(Object.values(body.lambda).map(({ cold_starts }) => cold_starts));
}

function unitsIn({ dynamodb, sqs, lambda, websocket }: Usage): Units {
  const by = (unit: 'write_units' | 'read_units'): Record<string, number> =>
    Object.fromEntries(
      Object.entries(dynamodb)
        .map(([kind, of]) => [kind, of[unit]] as const)
        .filter(([, units]) => units > 0)
        .toSorted(([a], [b]) => a.localeCompare(b)),
    );
  return {
    write_units: by('write_units'),
    read_units: by('read_units'),
    sqs_requests: total(Object.values(sqs).map(({ requests }) => requests)),
    invocations: total(Object.values(lambda).map(({ invocations }) => invocations)),
    messages_out: websocket.messages_out,
  };
}

/** The sum of numbers. */
export const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** All units of all kinds together. */
export const sumOf = (units: Readonly<Record<string, number>>): number => total(Object.values(units));
