import type { PushProvider } from './push-log.ts';

/** What a push service has seen of its senders since it started. */
export interface ServiceStats {
  /** Connections that were opened, those that came to nothing included. */
  connections: number;
  open_connections: number;
  /** Requests for pushes, and for FCM's access tokens, whatever became of them. */
  requests: number;
  /** Faults that struck a request or a new connection. */
  faults: number;
  /** APNs: different provider JWTs that were shown. */
  provider_tokens: number;
  /** FCM: access tokens that were asked for. */
  oauth_exchanges: number;
}

/** Counts what one push service sees. */
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
