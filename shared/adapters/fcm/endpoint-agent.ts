import { Agent } from 'node:https';

/** Keeps warm connections to the host that a request names, or all of them to `endpoint` where one is given. */
export function endpointAgent(endpoint: string | undefined): Agent {
  const agent = new Agent({ keepAlive: true });
  if (endpoint === undefined) return agent;
  const { hostname, port } = new URL(endpoint);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) =>
    connect({ ...options, host: hostname, port: Number(port || 443), servername: hostname }, done);
  return agent;
}
