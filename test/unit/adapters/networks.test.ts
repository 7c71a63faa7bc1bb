import { expect, it } from 'vitest';
import { isPublic, networks } from '#adapters/outgoing/networks.ts';

it.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '169.254.170.2',
  '100.64.0.1',
  '0.0.0.0',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::a00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '2001:db8::1',
  'localhost',
  '',
])('%s is not on the public internet', (address) => {
  expect(isPublic(address)).toBe(false);
});

it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '223.255.255.255', '2606:4700::1111', '2a00:1450::1'])(
  '%s is',
  (address) => {
    expect(isPublic(address)).toBe(true);
  },
);

it('networks hold what is in them', () => {
  const isOwn = networks(['127.0.0.0/8', '::1/128', '10.1.0.0/16']);
  expect(['127.0.0.1', '::1', '10.1.255.255'].every(isOwn)).toBe(true);
  expect(['10.2.0.1', '::2', '169.254.169.254', 'localhost'].some(isOwn)).toBe(false);
});
