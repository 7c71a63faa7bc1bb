/** What must not be in a log, though a library's message may quote it. */
const SECRETS: readonly RegExp[] = [
  // A JSON Web Token.
  /eyJ[\w-]+(?:\.[\w-]*)*/g,
  // A query string: tokens travel in them.
  /\?[^\s"'?]*=[^\s"']*/g,
  // SDP, and a candidate: addresses, to the end of the text.
  /\bv=0[\s\S]*/g,
  /\bcandidate:[\s\S]*/g,
  // A push token: APNs' are 64 hexadecimal digits, FCM's are longer; names of AWS resources are shorter.
  /[\w-]{64,}/g,
];

const MAX_CHARACTERS = 500;

/** `text` without what looks like a token, an SDP or a query string. */
export const scrubbed = (text: string): string =>
  SECRETS.reduce((clean, secret) => clean.replace(secret, '[removed]'), text).slice(0, MAX_CHARACTERS);
