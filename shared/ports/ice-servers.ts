/** One of the `iceServers` of an `RTCPeerConnection`. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** How long TURN credentials are good. */
export const ICE_CREDENTIALS_MS = 3_600_000;

/** The ICE servers for a user: STUN, and TURN with credentials for one hour if a TURN server is configured. */
export type IceServers = (userId: string) => Promise<readonly IceServer[]>;
