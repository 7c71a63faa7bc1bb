import { createHash } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { sqsFifoQueue } from '#adapters/sqs/queue.ts';
import type { Delivery } from '#ports/webhooks.ts';

/**
 * In how many groups the tries at one webhook are, each of which is worked off one by one; those that an operator asks for
 * are one more. So many invocations a webhook keeps busy at most, also if it never answers. They are few, so that dead
 * webhooks do not take a small account's invocations.
 */
const GROUPS = 2;

/** The group of a try: all first tries about one call are in one, and so in the order of `version`. */
export function groupOf({ webhook, id, body, replays }: Delivery): string {
  if (replays !== undefined) return `${webhook}-replay`;
  const { call_cid: about = id } = Object(JSON.parse(body));
  const [first = 0] = createHash('sha256').update(String(about)).digest();
  return `${webhook}-${first % GROUPS}`;
}

/** A queue of tries. It takes each once, and one replay of each. */
export const deliveryQueue = (sqs: SQSClient, url: string) =>
  sqsFifoQueue<Delivery>(sqs, url, (delivery) => {
    const { webhook, id, attempt, replays } = delivery;
    return {
      MessageGroupId: groupOf(delivery),
      MessageDeduplicationId: `${webhook}-${id}-${replays === undefined ? attempt : `replay-${replays}`}`,
    };
  });
