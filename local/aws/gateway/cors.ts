import type { IncomingMessage } from 'node:http';

/** The CORS settings of an API, which the gateway applies itself. */
export interface CorsRules {
  readonly AllowOrigins: readonly string[];
  readonly AllowMethods: readonly string[];
  readonly AllowHeaders: readonly string[];
  readonly ExposeHeaders: readonly string[];
  readonly AllowCredentials: boolean;
  readonly MaxAge?: number | undefined;
}

/** Whether this is a browser's preflight request. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && 'origin' in headers && 'access-control-request-method' in headers;

/** The headers of every answer to an allowed origin. */
export function corsHeaders(rules: CorsRules, origin: string | undefined): Record<string, string> {
  const allowed = allowedOrigin(rules, origin);
  if (!allowed) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(allowed !== '*' && { vary: 'origin' }),
    ...(rules.ExposeHeaders.length > 0 && { 'access-control-expose-headers': rules.ExposeHeaders.join(',') }),
    ...(rules.AllowCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** The headers of the answer to a preflight request. */
export function preflightHeaders(rules: CorsRules, origin: string | undefined): Record<string, string> {
  const common = corsHeaders(rules, origin);
  if (!('access-control-allow-origin' in common)) return {};
  return {
    ...common,
    'access-control-allow-methods': rules.AllowMethods.join(','),
    'access-control-allow-headers': rules.AllowHeaders.join(','),
    ...(rules.MaxAge !== undefined && { 'access-control-max-age': String(rules.MaxAge) }),
  };
}

function allowedOrigin({ AllowOrigins }: CorsRules, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (AllowOrigins.includes('*')) return '*';
  return AllowOrigins.includes(origin) ? origin : undefined;
}
