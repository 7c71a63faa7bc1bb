/** A stand-in for a browser's RTCPeerConnection. It describes itself, finds two candidates and records what it gets. */
export class FakePeerConnection extends EventTarget {
  static readonly made: FakePeerConnection[] = [];
  readonly added: unknown[] = [];
  readonly iceServers: unknown;
  connectionState = 'new';
  localDescription: { type: string; sdp: string } | undefined;
  remoteDescription: { type: string; sdp: string } | undefined;

  constructor({ iceServers }: { iceServers: unknown }) {
    super();
    this.iceServers = iceServers;
    FakePeerConnection.made.push(this);
  }

  async setLocalDescription(): Promise<void> {
    const type = this.remoteDescription?.type === 'offer' ? 'answer' : 'offer';
    this.localDescription = { type, sdp: `v=0 ${type} ${FakePeerConnection.made.indexOf(this)}` };
    for (const candidate of ['one', 'two']) this.#find({ candidate, sdpMid: '0', sdpMLineIndex: 0 });
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (this.connectionState === 'closed') throw new Error('the connection is closed');
    this.remoteDescription = description;
  }

  async addIceCandidate(candidate: { candidate: string }): Promise<void> {
    if (!this.remoteDescription) throw new Error('a candidate came before its description');
    this.added.push(candidate.candidate);
  }

  addTrack(): void {
    throw new Error('the test has no tracks');
  }

  setConfiguration(): void {}

  /** Makes the next description an offer again. */
  restartIce(): void {
    this.remoteDescription = undefined;
    this.connectionState = 'new';
  }

  close(): void {
    this.connectionState = 'closed';
  }

  #find(candidate: object): void {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { toJSON: () => candidate } }));
  }
}
