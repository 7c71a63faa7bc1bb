/** The network of one drawn phone, which can be switched off as in a tunnel. */
export interface PhoneNetwork {
  readonly isOn: boolean;
  /** For the client package. */
  readonly WebSocket: typeof WebSocket;
  /** For the media. */
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  turn(on: boolean): void;
}

/** A network that is on. While it is off, the app of the phone hears nothing, not even that. */
export function phoneNetwork(): PhoneNetwork {
  let isOn = true;
  const sockets = new Set<WebSocket>();
  const peers = new Set<RTCPeerConnection>();

  class PhoneSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.add(this);
      // Listeners of the phone's app come after these.
      for (const type of ['message', 'close', 'error']) {
        this.addEventListener(type, (event) => {
          if (!isOn) event.stopImmediatePropagation();
          else if (type !== 'message') sockets.delete(this);
        });
      }
    }
  }

  class PhonePeer extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.add(this);
    }
  }

  return {
    get isOn() {
      return isOn;
    },
    WebSocket: PhoneSocket,
    RTCPeerConnection: PhonePeer,
    turn(on) {
      if (on === isOn) return;
      isOn = on;
      for (const peer of peers) pass(peer, on);
      for (const socket of [...sockets]) {
        if (on) socket.dispatchEvent(new CloseEvent('close', { code: 1006 }));
        else socket.close();
      }
    },
  };
}

/** Media pass in both directions, or in none. */
function pass(peer: RTCPeerConnection, on: boolean): void {
  for (const { track } of [...peer.getSenders(), ...peer.getReceivers()]) if (track) track.enabled = on;
}
