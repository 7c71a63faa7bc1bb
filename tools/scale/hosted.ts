/** A published price of somebody who hosts calls or their signalling. */
export interface Hosted {
  readonly name: string;
  /** In words, as it is published. */
  readonly price: string;
  /** What a million standard calls come to: two participants, three minutes; absent where it depends on more. */
  readonly usdPerMillion?: number;
  readonly gets: string;
  readonly source: string;
}

const MINUTES = 2 * 3;
const MILLION = 1_000_000;

/** What could be found, and when: pages as they were stored, not as they are today. */
export const HOSTED: readonly Hosted[] = [
  {
    name: 'Cloudflare RealtimeKit, audio',
    price: '$0.0005 a participant minute',
    usdPerMillion: 0.0005 * MINUTES * MILLION,
    gets: 'media through their servers; you ring',
    source: 'https://developers.cloudflare.com/realtime/realtimekit/platform/pricing/ (stored page, no date)',
  },
  {
    name: 'Cloudflare RealtimeKit, video',
    price: '$0.002 a participant minute',
    usdPerMillion: 0.002 * MINUTES * MILLION,
    gets: 'media through their servers; you ring',
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
    gets: 'messages; you push and keep the rules of ringing',
    source: 'https://docs.agora.io/en/1.x/signaling/reference/pricing (stored page, no date)',
  },
  {
    name: 'Amazon Kinesis Video Streams, WebRTC signalling',
    price: '$2.25 a million messages, $0.03 a month for an active channel',
    gets: 'messages; you push and keep the rules of ringing',
    source: 'https://aws.amazon.com/kinesis/video-streams/pricing/ as transcribed by api-evangelist on 2026-10-07',
  },
];

/** Looked for, and not found on a page that can be cited. */
export const NOT_FOUND =
  'Stream Video (by the participant minute), Twilio Voice (by the minute of each leg) and Sendbird Calls publish prices on pages of which no copy with the numbers could be found: look at theirs before you compare.';
