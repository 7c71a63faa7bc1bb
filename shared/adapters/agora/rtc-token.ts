import agora from 'agora-token';

const { RtcRole, RtcTokenBuilder } = agora;

/** Whom a token is for, where, and by which app. */
export interface RtcTokenOptions {
  readonly appId: string;
  readonly certificate: string;
  readonly channelName: string;
  readonly userAccount: string;
  /** How long the token, and the right to publish, are good. */
  readonly ttlS: number;
}

/** An AccessToken2 for a string account, with the right to publish, by Agora's own package. */
export const rtcToken = ({ appId, certificate, channelName, userAccount, ttlS }: RtcTokenOptions): string =>
  RtcTokenBuilder.buildTokenWithUserAccount(
    ...([appId, certificate, channelName, userAccount, RtcRole.PUBLISHER, ttlS, ttlS] as const),
  );
