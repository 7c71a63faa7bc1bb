/** The published price of a service that hosts calls or their signalling. */
export interface Hosted {
  readonly name: string;
  /** As it is published. */
  readonly price: string;
  /** The price of a million standard calls: two participants, three minutes. Absent if it depends on more. */
  readonly usdPerMillion?: number;
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
    source: 'https://developers.cloudflare.com/realtime/realtimekit/platform/pricing/ (undated copy)',
  },
  {
    name: 'Cloudflare RealtimeKit, video',
    price: '$0.002 a participant minute',
    usdPerMillion: 0.002 * MINUTES * MILLION,
    source: 'the same page',
  },
  {
    name: 'Telnyx WebRTC',
    price: '$0.002 a minute of a WebRTC client',
    usdPerMillion: 0.002 * MINUTES * MILLION,
    source: 'https://telnyx.com/release-notes/webrtc-billing-and-reporting (March 2021)',
  },
  {
    name: 'Agora Signaling',
    price:
      '$399 a month with 150 M messages and 2 500 peak connections; beyond: $3 a million messages of 1 KB, $30 a thousand peak connections',
    source: 'https://docs.agora.io/en/1.x/signaling/reference/pricing (undated copy)',
  },
  {
    name: 'Amazon Kinesis Video Streams, WebRTC signalling',
    price: '$2.25 a million messages, $0.03 a month for an active channel',
    source: 'https://aws.amazon.com/kinesis/video-streams/pricing/ (copy of 2026-10-07)',
  },
];

/** What could not be found on a page that can be cited. */
export const NOT_FOUND =
  'Stream Video, Twilio Voice and Sendbird Calls also publish prices, but we found no copy of their pages that could be cited.';
