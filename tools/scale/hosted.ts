/** The published price of a service that hosts calls or their signalling. */
export interface Hosted {
  readonly name: string;
  /** As it is published. */
  readonly price: string;
  /** The price of a million standard calls: two participants, three minutes. Absent if it depends on more. */
  readonly usdPerMillion?: number;
  readonly gets: string;
  readonly source: string;
}

const MINUTES = 2 * 3;
const MILLION = 1_000_000;

/** What could be found. The pages are stored copies, and may have changed since. */
export const HOSTED: readonly Hosted[] = [
  {
    name: 'Cloudflare RealtimeKit, audio',
    price: '$0.0005 a participant minute',
    usdPerMillion: 0.0005 * MINUTES * MILLION,
    gets: 'media through their servers; ringing is up to you',
    source: 'https://developers.cloudflare.com/realtime/realtimekit/platform/pricing/ (stored page, no date)',
  },
  {
    name: 'Cloudflare RealtimeKit, video',
    price: '$0.002 a participant minute',
    usdPerMillion: 0.002 * MINUTES * MILLION,
    gets: 'media through their servers; ringing is up to you',
    source: 'the same page',
  },
  {
    name: 'Telnyx WebRTC',
    price: '$0.002 a minute of a WebRTC client',
    usdPerMillion: 0.002 * MINUTES * MILLION,
    gets: 'voice through their servers',
    source: 'https://telnyx.com/release-notes/webrtc-billing-and-reporting (March 2021)',
  },
  {
    name: 'Agora Signaling',
    price:
      '$399 a month with 150 M messages and 2 500 peak connections; beyond: $3 a million messages of 1 KB, $30 a thousand peak connections',
    gets: 'messages; pushes and the rules of ringing are up to you',
    source: 'https://docs.agora.io/en/1.x/signaling/reference/pricing (stored page, no date)',
  },
  {
    name: 'Amazon Kinesis Video Streams, WebRTC signalling',
    price: '$2.25 a million messages, $0.03 a month for an active channel',
    gets: 'messages; pushes and the rules of ringing are up to you',
    source: 'https://aws.amazon.com/kinesis/video-streams/pricing/ as transcribed by api-evangelist on 2026-10-07',
  },
];

/** What could not be found on a page that can be cited. */
export const NOT_FOUND =
  'Stream Video, Twilio Voice and Sendbird Calls also publish prices, but we found no copy of their pages that could be cited.';
