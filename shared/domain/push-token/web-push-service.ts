/**
 * Whether the endpoint of a subscription is at one of `hosts`, or below one, over https. A host may name a port; without one
 * it is the usual one.
 */
export function isPushService(endpoint: string, hosts: readonly string[]): boolean {
  const { protocol, host } = new URL(endpoint);
  return protocol === 'https:' && hosts.some((known) => host === known || host.endsWith(`.${known}`));
}
