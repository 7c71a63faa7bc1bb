import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { trusted } from './push/a-service.ts';

/** A key pair of an identity provider. */
export interface IssuerKeyPair {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function keyPair(alg: string, kid: string): Promise<IssuerKeyPair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** How an identity provider answers a request for its keys. */
export type Serve = (response: ServerResponse) => void;

/** An identity provider over HTTPS on this machine, which behaves as a test says. */
export interface TestIssuer {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** What it publishes. */
  published: readonly JWK[];
  /** Answers in the place of the keys. */
  serve: Serve | undefined;
  /** Signs claims; by default they are those of a good token for `carillon`. */
  sign(key: IssuerKeyPair, claims?: object, header?: object): Promise<string>;
  close(): Promise<void>;
}

/** Starts an identity provider on 127.0.0.1. This process trusts its certificate. */
export async function anIssuer(now: () => number, published: readonly JWK[] = []): Promise<TestIssuer> {
  const { keyPem, certificatePem } = await trusted();
  const server = createServer({ key: keyPem, cert: certificatePem }, (request, response) => {
    issuer.asked.push(request.url ?? '');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }));
    } else if (issuer.serve) issuer.serve(response);
    else response.end(JSON.stringify({ keys: issuer.published }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the issuer does not listen');
  const issuer: TestIssuer = {
    url: `https://localhost:${address.port}`,
    asked: [],
    published,
    serve: undefined,
    sign({ alg, kid, privateKey }, claims = {}, header = {}) {
      const at = Math.floor(now() / 1000);
      return new SignJWT({ iss: issuer.url, aud: 'carillon', sub: 'alice', iat: at, exp: at + 3600, ...claims })
        .setProtectedHeader({ alg, kid, typ: 'JWT', ...header })
        .sign(privateKey);
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return issuer;
}
