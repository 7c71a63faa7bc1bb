import type { PushProvider } from './push-log.ts';

/** What a push service has counted since it started. */
export interface ServiceStats {
  /** Connections that were opened, failed ones included. */
  connections: number;
  open_connections: number;
  /** Requests for pushes and for FCM's access tokens, failed ones included. */
  requests: number;
  /** Faults that hit a request or a new connection. */
  faults: number;
  /** APNs: how many different provider JWTs were presented. */
  provider_tokens: number;
  /** FCM: how many access tokens were requested. */
  oauth_exchanges: number;
}

/** Counts what happens at one push service. */
export interface StatsKeeper {
  count(what: 'connections' | 'requests' | 'faults' | 'oauth_exchanges'): void;
  sawToken(providerToken: string): void;
  read(openConnections: number): ServiceStats;
}

/** The statistics of all services. */
export type PushStats = Readonly<Record<PushProvider, ServiceStats>>;

/** Starts counting. */
export function openStats(): StatsKeeper {
  const counts = { connections: 0, requests: 0, faults: 0, oauth_exchanges: 0 };
  const tokens = new Set<string>();
  return {
    count(what) {
      counts[what] += 1;
    },
    sawToken: (providerToken) => void tokens.add(providerToken),
    read: (openConnections) => ({ ...counts, open_connections: openConnections, provider_tokens: tokens.size }),
  };
}
