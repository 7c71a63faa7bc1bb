import { createHmac, timingSafeEqual } from 'node:crypto';
import { inflateSync } from 'node:zlib';

/** The parts of an AccessToken2 (`007…`) as Agora's specification has them. */
export interface ParsedAgoraToken {
  readonly appId: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  /** Seconds from `issuedAt`. */
  readonly expire: number;
  readonly services: readonly AgoraService[];
  /** Whether the certificate made the signature. */
  signedWith(certificate: string): boolean;
}

interface AgoraService {
  readonly type: number;
  /** Seconds from `issuedAt`, by the number of the privilege. */
  readonly privileges: ReadonlyMap<number, number>;
  readonly channel: string;
  readonly account: string;
}

/** Reads little-endian numbers and strings one after the other. */
function reader(bytes: Buffer) {
  let at = 0;
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const uint16 = (): number => take(2).readUInt16LE();
  return { uint16, uint32: () => take(4).readUInt32LE(), string: () => take(uint16()), rest: () => bytes.subarray(at) };
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const hmac = (key: Buffer, content: string | Buffer): Buffer => createHmac('sha256', key).update(content).digest();

/** Takes an AccessToken2 apart by hand. */
export function parseAgoraToken(token: string): ParsedAgoraToken {
  if (!token.startsWith('007')) throw new Error('not an AccessToken2');
  const content = reader(inflateSync(Buffer.from(token.slice(3), 'base64')));
  const signature = content.string();
  const signed = content.rest();
  const info = reader(signed);
  const appId = String(info.string());
  const [issuedAt, expire, salt] = [info.uint32(), info.uint32(), info.uint32()];
  const services = Array.from({ length: info.uint16() }, () => {
    const type = info.uint16();
    const privileges = new Map(Array.from({ length: info.uint16() }, () => [info.uint16(), info.uint32()] as const));
    return { type, privileges, channel: String(info.string()), account: String(info.string()) };
  });
  return {
    ...{ appId, issuedAt, expire, services },
    signedWith: (certificate) => {
      const key = hmac(uint32(salt), hmac(uint32(issuedAt), certificate));
      return timingSafeEqual(hmac(key, signed), signature);
    },
  };
}
