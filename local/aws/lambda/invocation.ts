/** A function as the gateway and the queues see it. */
export interface LambdaFunction {
  readonly name: string;
  /** Whether it may cause its own events, more often than Lambda takes for an endless loop. @default false */
  readonly recurses?: boolean;
  /** Calls the handler. Rejects with an `InvocationError` if it threw, crashed or timed out. */
  invoke(event: unknown, trace?: string): Promise<unknown>;
}

/** The function that an event source mapping names, by its name or ARN, perhaps with an alias behind it. */
export const functionNamed = <F extends Pick<LambdaFunction, 'name'>>(
  functions: readonly F[],
  text: string,
): F | undefined => {
  const [name] = text.replace(/^arn:.*:function:/, '').split(':');
  return functions.find((candidate) => candidate.name === name);
};

/** A handler has failed: Lambda's `FunctionError`. */
export class InvocationError extends Error {
  readonly type: string;

  constructor(message: string, type: string) {
    super(message);
    this.type = type;
  }
}
