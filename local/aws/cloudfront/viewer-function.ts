import { createContext, Script } from 'node:vm';
import { z } from 'zod';
import type { Origin } from './distribution-spec.ts';
import { type ViewerRequest, type ViewerResponse, viewerRequest, viewerResponse } from './viewer-event.ts';

/** What a function makes of a request. */
export type Outcome =
  | { readonly kind: 'response'; readonly response: ViewerResponse }
  | {
      readonly kind: 'request';
      readonly request: ViewerRequest;
      readonly origin: Origin;
    };

/** Runs a CloudFront function on a request that its behaviour sends to `assigned`. Throws where CloudFront answers 503. */
export type ViewerFunction = (event: { readonly request: ViewerRequest }, assigned: Origin) => Outcome;

/** The module `cloudfront` is the only one that a function may import, in its first line. */
const IMPORT = /^import (\w+) from ['"]cloudfront['"];?/;

const updated = z.strictObject({
  domainName: z.string().optional(),
  originPath: z.string().optional(),
  customHeaders: z.record(z.string(), z.string()).optional(),
});

/** Prepares a function of the runtime `cloudfront-js-2.0`, with the helpers that change the origin. */
export function viewerFunction(code: string, origins: ReadonlyMap<string, Origin>): ViewerFunction {
  // The origin of the request that the function runs on.
  let current: Origin | undefined;
  const cloudfront = {
    selectRequestOriginById(id: unknown): void {
      current = origins.get(String(id));
      if (!current) throw new Error(`the distribution has no origin ${id}`);
    },
    /** What is not given stays as it is in the assigned origin. */
    updateRequestOrigin(parameters: unknown): void {
      const { domainName, originPath, customHeaders } = updated.parse(parameters);
      if (!current) throw new Error('no request is under way');
      const { id, ...rest } = current;
      current = {
        id,
        domainName: domainName ?? rest.domainName,
        path: originPath ?? rest.path,
        headers: customHeaders ?? rest.headers,
      };
    },
  };
  const name = IMPORT.exec(code)?.[1];
  const context = createContext({ ...(name !== undefined && { [name]: cloudfront }), console });
  new Script(`'use strict';${code.replace(IMPORT, '')}\nthis.handler = handler;`).runInContext(context);
  const handler: unknown = context['handler'];
  if (typeof handler !== 'function') throw new Error('the function has no handler');
  return (event, assigned) => {
    current = assigned;
    const result: unknown = structuredClone(handler(event));
    const response = viewerResponse.safeParse(result);
    if (response.success) return { kind: 'response', response: response.data };
    return { kind: 'request', request: viewerRequest.parse(result), origin: current };
  };
}
