/** How clients reach each other: what an `RTCPeerConnection` takes as `iceServers`. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** The ICE servers for a user: STUN, and TURN with credentials of one hour where a TURN server is configured. */
export type IceServers = (userId: string) => Promise<readonly IceServer[]>;
