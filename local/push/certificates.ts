// The X.509 library needs this polyfill, and needs it first.
import 'reflect-metadata';
import { KeyObject, randomBytes } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

/** What a TLS server of the fakes needs, and the authority that its clients have to trust. */
export interface ServerIdentity {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly caPem: string;
}

/**
 * Creates a certificate for this machine's loopback names and the authority that signs it, whose key is not kept. A client
 * that trusts two authorities tells them apart by their names.
 */
export async function makeServerIdentity(authorityName = 'Carillon local push authority'): Promise<ServerIdentity> {
  const [caKeys, serverKeys] = await Promise.all([makeKeys(), makeKeys()]);
  const shared = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 365 * DAY_MS) };
  const issuer = `CN=${authorityName}`;
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...shared,
    name: issuer,
    serialNumber: serialNumber(),
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await X509CertificateGenerator.create({
    ...shared,
    issuer,
    subject: 'CN=localhost',
    serialNumber: serialNumber(),
    publicKey: serverKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  });
  const keyPem = KeyObject.from(serverKeys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { keyPem, certificatePem: server.toString('pem'), caPem: authority.toString('pem') };
}

const makeKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

// A serial number is a positive integer, so the leading byte is not zero and its top bit is clear.
const serialNumber = (): string => `01${randomBytes(15).toString('hex')}`;
