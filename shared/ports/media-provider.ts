import type { EpochMs } from '#domain/time.ts';

/** What a client joins a channel of the media provider with. */
export interface MediaCredential {
  readonly appId: string;
  readonly channelName: string;
  readonly token: string;
  readonly userAccount: string;
  readonly expiresAt: EpochMs;
}

/** The service that carries the media of hosted calls. */
export interface MediaProvider {
  /** A fresh credential with which `userId` may talk in the channel; throws `media_not_configured` where there is no such service. */
  credential(channelName: string, userId: string): Promise<MediaCredential>;
}
