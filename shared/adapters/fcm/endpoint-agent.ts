import { Agent } from 'node:https';

/** Keeps connections to the host that a request names, or to `endpoint`, `https://host:port`, if there is one. */
export function agentTo(endpoint: string | undefined): Agent {
  if (endpoint === undefined) return new Agent({ keepAlive: true });
  const { hostname: host, port } = new URL(endpoint);
  return new (class extends Agent {
    override createConnection(options: object, done: () => void) {
      return super.createConnection({ ...options, host, port: Number(port || 443), servername: host }, done);
    }
  })({ keepAlive: true });
}
