/** What a control route does with a request. It returns the JSON of the answer. */
export type Action = (input: { query: URLSearchParams; body: unknown; name: string }) => unknown;

/** A control route. The path is what follows `/_local/`, and may capture a name. */
export type Route = readonly [method: string, path: RegExp, act: Action];
