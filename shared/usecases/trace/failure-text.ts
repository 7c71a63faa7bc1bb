/** The services as people call them, by the provider of a device. */
export const SERVICE_NAMES: Readonly<Record<string, string>> = { firebase: 'FCM', apn: 'APNs', webpush: 'Web Push' };

/** What the reasons of APNs, the codes of FCM and the statuses of Web Push come down to. */
const MEANINGS: Readonly<Record<string, string>> = {
  DeviceTokenNotForTopic: 'refused the topic',
  TopicDisallowed: 'refused the topic',
  BadTopic: 'refused the topic',
  MissingTopic: 'refused the topic',
  Unregistered: 'says that the token is dead',
  ExpiredToken: 'says that the token is dead',
  UNREGISTERED: 'says that the token is dead',
  Gone: 'says that the subscription is gone',
  'Not Found': 'says that the subscription is gone',
  BadDeviceToken: 'does not know the token',
  InvalidProviderToken: 'refused our key',
  ExpiredProviderToken: 'refused our key',
  MissingProviderToken: 'refused our key',
  BadCertificateEnvironment: 'refused our key',
  SENDER_ID_MISMATCH: 'says that the token belongs to another Firebase project',
  'bad credentials': 'refused our service account',
};

/** A push that was not taken, in words: which service, and what was wrong. */
export function failureText(provider: string, status: number, reason: string): string {
  const service = SERVICE_NAMES[provider] ?? provider;
  const meaning = Object.hasOwn(MEANINGS, reason) ? MEANINGS[reason] : undefined;
  if (meaning !== undefined) return `${service} ${meaning}`;
  // No status: either nobody answered, or we found the fault before we asked.
  if (status === 0) return reason.includes(' ') ? reason : `${service} did not answer (${reason})`;
  if (status === 429 || status >= 500) return `${service} was not available (${status} ${reason})`;
  return `${service} refused the push (${status} ${reason})`;
}
