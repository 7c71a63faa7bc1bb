import { readFileSync } from 'node:fs';
import type { EdgeRoute } from './routes.ts';

const SOURCE = new URL('viewer-request.js', import.meta.url);
const PLACE = 'const ROUTES = [];';

/** The code of the CloudFront function, with `routes` in it. */
export function viewerFunctionCode(routes: readonly EdgeRoute[]): string {
  const [before, after] = readFileSync(SOURCE, 'utf8').split(PLACE);
  if (before === undefined || after === undefined) throw new Error(`viewer-request.js lacks the line "${PLACE}"`);
  return `${before}const ROUTES = ${JSON.stringify(routes)};${after}`;
}
