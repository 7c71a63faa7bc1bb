/** What must not be in a log, although the message of a library may quote it. */
const SECRETS: readonly RegExp[] = [
  // A JSON Web Token.
  /eyJ[\w-]+(?:\.[\w-]*)*/g,
  // A query string, since it may hold a token.
  /\?[^\s"'?]*=[^\s"']*/g,
  // SDP and candidates, up to the end of the text: they hold addresses.
  /\bv=0[\s\S]*/g,
  /\bcandidate:[\s\S]*/g,
  // A push token. Those of APNs have 64 hexadecimal digits, those of FCM are longer, and names of AWS resources are shorter.
  /[\w-]{64,}/g,
];

const MAX_CHARACTERS = 500;

/** `text` without what looks like a token, an SDP or a query string. */
export const scrubbed = (text: string): string =>
  SECRETS.reduce((clean, secret) => clean.replace(secret, '[removed]'), text).slice(0, MAX_CHARACTERS);
