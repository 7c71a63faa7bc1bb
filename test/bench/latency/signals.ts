const line = (nth: number): string =>
  `a=rtpmap:${nth} opus/48000/2\r\na=fmtp:${nth} minptime=10;useinbandfec=1\r\na=rtcp-fb:${nth} transport-cc\r\n`;

/** A session description of two KiB: about what a browser makes of one sound and one picture. */
export const SDP = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n${Array.from(
  { length: 21 },
  (_, nth) => line(96 + nth),
).join('')}`;

/** One candidate, as it comes out of a browser. */
export const CANDIDATE = {
  candidate:
    'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 10.0.17.1 rport 46154 generation 0',
  sdpMid: '0',
  sdpMLineIndex: 0,
};

/** What the two ends of a call say to each other once it is answered, in turn: the answer, and four candidates each. */
export const SIGNALS: readonly { readonly type: string; readonly [field: string]: unknown }[] = [
  { type: 'sdp.answer', sdp: SDP },
  ...Array.from({ length: 8 }, () => ({ type: 'ice.candidate', ...CANDIDATE })),
];
