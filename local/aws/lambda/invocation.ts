/** A function that can be called: what the gateway and the queues see of Lambda. */
export interface LambdaFunction {
  readonly name: string;
  /** Calls the handler; rejects with an `InvocationError` where it threw, crashed or ran out of time. */
  invoke(event: unknown, trace?: string): Promise<unknown>;
}

/** A handler that failed: Lambda's `FunctionError`. */
export class InvocationError extends Error {
  readonly type: string;

  constructor(message: string, type: string) {
    super(message);
    this.type = type;
  }
}
