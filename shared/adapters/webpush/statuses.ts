import type { Verdict } from '#ports/push-sender.ts';

/**
 * What the statuses of the push services of browsers mean. Whether it is our key that is wrong or the one with which the
 * subscription was made is not theirs to tell: `unauthorized`.
 * @see https://www.rfc-editor.org/rfc/rfc8030
 * @see https://www.rfc-editor.org/rfc/rfc8292
 */
export const WEB_PUSH_STATUSES: Readonly<Record<number, Verdict | 'unauthorized'>> = {
  400: 'refused',
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'unregistered',
  410: 'unregistered',
  413: 'refused',
  429: 'retryable',
  500: 'retryable',
  502: 'retryable',
  503: 'retryable',
};
