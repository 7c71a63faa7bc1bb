/** The sockets of everybody who is connected. */
export interface PeerLink {
  /** Posts one frame: `gone` where the connection is closed or not yet open, `failed` where it could not be told. */
  post(connectionId: string, frame: object): Promise<'sent' | 'gone' | 'failed'>;
  /** Whether the connection is open; one of which that cannot be found out is taken to be. */
  isOpen(connectionId: string): Promise<boolean>;
}
