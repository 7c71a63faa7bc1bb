// Session descriptions of two current phones for audio and video, about as long as those of browsers.

const CODECS = [
  ['111 opus/48000/2', '63 red/48000/2', '9 G722/8000', '0 PCMU/8000', '8 PCMA/8000', '13 CN/8000'],
  [
    '96 VP8/90000',
    '97 rtx/90000',
    '98 VP9/90000',
    '99 rtx/90000',
    '102 H264/90000',
    '103 rtx/90000',
    '45 AV1/90000',
    '46 rtx/90000',
    '127 H264/90000',
    '125 rtx/90000',
  ],
] as const;

const EXTENSIONS = [
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:sdes:mid',
];

const FEEDBACK = ['transport-cc', 'nack pli'];

const payloadType = (codec: string): string => codec.split(' ')[0] ?? '';

function media(kind: 'audio' | 'video', mid: number, setup: string): string[] {
  const codecs = CODECS[mid] ?? [];
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${codecs.map(payloadType).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    'a=ice-ufrag:h3Zs',
    'a=ice-pwd:qT9fB1m7yJ0Lw5eR2uXc8KdV',
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16).toUpperCase().slice(-2)).join(':')}`,
    `a=setup:${setup}`,
    `a=mid:${mid}`,
    ...EXTENSIONS.map((uri, i) => `a=extmap:${i + 1} ${uri}`),
    'a=sendrecv',
    `a=msid:8f1c1b3e-52b7-4c43-9b7b-6a0f6d2f9a10 2d5e9c70-${mid}`,
    'a=rtcp-mux',
    ...codecs.map((codec) => `a=rtpmap:${codec}`),
    ...(kind === 'video'
      ? codecs.flatMap((codec) => FEEDBACK.map((what) => `a=rtcp-fb:${payloadType(codec)} ${what}`))
      : []),
    `a=ssrc:27340${mid}9814 cname:Wb3kTq9XzLr0`,
  ];
}

function description(origin: string, setup: string): string {
  const session = [
    'v=0',
    `o=- ${origin} 2 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1',
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS',
  ];
  return [...session, ...media('audio', 0, setup), ...media('video', 1, setup), ''].join('\r\n');
}

/** About 2.5 KB each. */
export const OFFER = description('4611731400430051336', 'actpass');
export const ANSWER = description('8120938471209384712', 'active');

/** The candidates of each side: host, server reflexive and relayed addresses over UDP and TCP, as a phone on Wi-Fi and LTE finds them. */
export const CANDIDATES: readonly {
  readonly candidate: string;
  readonly sdpMid: string;
  readonly sdpMLineIndex: number;
}[] = Array.from({ length: 10 }, (_, i) => ({
  candidate: `candidate:${842163049 + i} 1 udp 1677729535 203.0.113.${10 + i} 61${400 + i} typ srflx raddr 192.168.1.${20 + i} rport 5${1000 + i} generation 0 ufrag h3Zs network-id ${1 + (i % 2)} network-cost 10`,
  sdpMid: '0',
  sdpMLineIndex: 0,
}));
