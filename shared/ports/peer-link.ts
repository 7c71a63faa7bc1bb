/** The sockets of all connected users. */
export interface PeerLink {
  /** Posts one frame: `gone` if the connection is closed or not yet open, `failed` if the post failed. */
  post(connectionId: string, frame: object): Promise<'sent' | 'gone' | 'failed'>;
  /** Whether the connection is open. If that cannot be found out, it counts as open. */
  isOpen(connectionId: string): Promise<boolean>;
}
