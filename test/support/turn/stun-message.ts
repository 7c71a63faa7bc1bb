import { createHmac } from 'node:crypto';

// Messages of STUN (RFC 8489) as TURN over UDP needs them: IPv4, long-term credentials with SHA-1.

/** An IPv4 address and port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A message: its type (method and class), the transaction it belongs to, its attributes by number. */
export interface StunMessage {
  readonly type: number;
  readonly transaction: Buffer;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const MESSAGE_INTEGRITY = 0x0008;
const INTEGRITY_BYTES = 24;
const IPV4 = 0x01;

/** The bytes of a message; with a `key` it is signed. */
export function encode({ type, transaction, attributes }: StunMessage, key?: Buffer): Buffer {
  const body = Buffer.concat([...attributes].map(([number, value]) => attribute(number, value)));
  if (key === undefined) return Buffer.concat([header(type, body.length, transaction), body]);
  // The signed header has the length of the message with its signature.
  const signed = Buffer.concat([header(type, body.length + INTEGRITY_BYTES, transaction), body]);
  return Buffer.concat([signed, attribute(MESSAGE_INTEGRITY, createHmac('sha1', key).update(signed).digest())]);
}

/** Reads a message. */
export function decode(bytes: Buffer): StunMessage {
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    attributes.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return { type: bytes.readUInt16BE(0), transaction: bytes.subarray(8, HEADER_BYTES), attributes };
}

/** An address as XOR-PEER-ADDRESS holds it. */
export function xorAddress({ host, port }: Address): Buffer {
  const value = Buffer.from([0, IPV4, 0, 0, ...host.split('.').map(Number)]);
  value.writeUInt16BE(port, 2);
  return xored(value);
}

/** Reads XOR-RELAYED-ADDRESS and attributes of the same form. */
export function readXorAddress(attributeValue: Buffer): Address {
  const value = xored(attributeValue);
  return { host: value.subarray(4, 8).join('.'), port: value.readUInt16BE(2) };
}

function header(type: number, length: number, transaction: Buffer): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt16BE(type, 0);
  start.writeUInt16BE(length, 2);
  start.writeUInt32BE(MAGIC_COOKIE, 4);
  return Buffer.concat([start, transaction]);
}

function attribute(number: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(number, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

const padded = (length: number): number => Math.ceil(length / 4) * 4;

/** Combines port and address with the magic cookie. Doing it twice gives the original. */
function xored(value: Buffer): Buffer {
  const result = Buffer.from(value);
  result.writeUInt16BE(value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16), 2);
  result.writeUInt32BE((value.readUInt32BE(4) ^ MAGIC_COOKIE) >>> 0, 4);
  return result;
}
