import type { BenchRing } from './rings.ts';

/** The credentials of a sender. */
export interface Ground {
  /** A Firebase service account. */
  readonly account: { readonly project_id: string; readonly client_email: string; readonly private_key: string };
  readonly apns: {
    readonly key: string;
    readonly key_id: string;
    readonly team_id: string;
    readonly bundle_id: string;
  };
  /** The same, as the secret that Carillon reads. */
  readonly providersSecret: object;
  readonly dynamodb: { readonly endpoint: string; readonly table: string };
}

/** Something that rings phones. */
export interface Contestant {
  /** Learns of the phones. */
  prepare(rings: readonly BenchRing[]): Promise<void>;
  /** Learns when the play begins, in epoch milliseconds. */
  open(startsAt: number): Promise<void>;
  /** Rings; resolves when no more pushes will follow. */
  ring(ring: BenchRing, expiresAt: number): Promise<void>;
  /** The tokens that it took for dead and forgot. */
  deleted(): Promise<string[]>;
}

/** What every sender puts into a push. */
export const keysOf = (ring: BenchRing, expiresAt: number): Record<string, string> => ({
  type: 'call.ring',
  call_cid: `default:${ring.id}`,
  ring_id: ring.id,
  receiver_id: ring.userId,
  expires_at: String(expiresAt),
});
