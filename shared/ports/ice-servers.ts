/** One of the `iceServers` of an `RTCPeerConnection`. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** The ICE servers for a user: STUN, and TURN with credentials if a TURN server is configured. */
export type IceServers = (userId: string) => Promise<readonly IceServer[]>;
