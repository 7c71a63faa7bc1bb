import type { BlockList } from 'node:net';
import { once } from '#domain/once.ts';
import { net } from './builtins.ts';

/** The IPv4 networks that are no part of the public internet (IANA's special-purpose registry, and multicast). */
const SPECIAL_IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** What is public of IPv6, and what of that leads to IPv4 addresses or nowhere. */
const GLOBAL_IPV6 = ['2000::', 3] as const;
const SPECIAL_IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const listOf = (ipv4: typeof SPECIAL_IPV4, ipv6: typeof SPECIAL_IPV6): BlockList => {
  const list = new (net().BlockList)();
  for (const [network, prefix] of ipv4) list.addSubnet(network, prefix, 'ipv4');
  for (const [network, prefix] of ipv6) list.addSubnet(network, prefix, 'ipv6');
  return list;
};

const special = once(() => listOf(SPECIAL_IPV4, SPECIAL_IPV6));
const global = once(() => listOf([], [GLOBAL_IPV6]));

const has = (list: BlockList, address: string): boolean =>
  list.check(address, net().isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether an address is one of the public internet. Of IPv6 only what is known to be is. */
export const isPublic = (address: string): boolean =>
  net().isIP(address) !== 0 && !has(special(), address) && (net().isIP(address) === 4 || has(global(), address));

/** Tells the addresses that outgoing requests may reach: public ones, and those of `privateNetworks`, each `address/prefix`. */
export function reachable(privateNetworks: readonly string[]): (address: string) => boolean {
  const isAllowed = networks(privateNetworks);
  return (address) => isPublic(address) || isAllowed(address);
}

/** Tells the addresses of some networks, each `address/prefix`. */
export function networks(cidrs: readonly string[]): (address: string) => boolean {
  const list = new (net().BlockList)();
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    list.addSubnet(network, Number(prefix), net().isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => net().isIP(address) !== 0 && has(list, address);
}
