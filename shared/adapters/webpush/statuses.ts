import type { Verdict } from '#ports/push-sender.ts';

/**
 * What the statuses of the push services of browsers mean. Whether our key, our message or the subscription is at fault is
 * not theirs to tell: another subscription may have been made with another key.
 * @see https://www.rfc-editor.org/rfc/rfc8030
 * @see https://www.rfc-editor.org/rfc/rfc8292
 */
export const WEB_PUSH_STATUSES: Readonly<Record<number, Verdict>> = {
  400: 'refused',
  401: 'refused',
  403: 'refused',
  404: 'unregistered',
  410: 'unregistered',
  413: 'refused',
  429: 'retryable',
  500: 'retryable',
  502: 'retryable',
  503: 'retryable',
};
