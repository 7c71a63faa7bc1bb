/** What a control route does with a request; what it returns is the answer's JSON. */
export type Action = (input: { query: URLSearchParams; body: unknown; name: string }) => unknown;

/** A control route: its path is what comes after `/_local/`, and may capture a name. */
export type Route = readonly [method: string, path: RegExp, act: Action];
