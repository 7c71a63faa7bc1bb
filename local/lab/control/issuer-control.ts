import type { LocalIssuer } from '../../issuer/issuer.ts';
import type { Route } from './route.ts';

/** The routes of the built-in identity provider: what a provider serves, and what tests steer. */
export const issuerRoutes = (issuer: LocalIssuer): Route[] => [
  ['GET', /^issuer\/\.well-known\/openid-configuration$/, () => issuer.discovery()],
  ['GET', /^issuer\/jwks$/, () => issuer.jwks()],
  ['POST', /^issuer\/tokens$/, async ({ body }) => ({ token: await issuer.sign(body) })],
  ['POST', /^issuer\/rotate$/, async () => ({ kids: await issuer.rotate() })],
  ['POST', /^issuer\/faults$/, ({ body }) => fault(issuer, body)],
];

function fault(issuer: LocalIssuer, body: unknown): object {
  issuer.fault(body);
  return {};
}
