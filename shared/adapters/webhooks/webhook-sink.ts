import type { Queue } from '#ports/queues.ts';
import type { ReportSink } from '#ports/report.ts';
import type { Delivery, Webhooks } from '#ports/webhooks.ts';
import { encodeReport } from '#wire/report/encode.ts';

export interface WebhookSinkOptions {
  readonly webhooks: Webhooks;
  /** First tries. */
  readonly deliveries: Queue<Delivery>;
}

/** Has every webhook called that wants to hear of a report. */
export const webhookSink = ({ webhooks, deliveries }: WebhookSinkOptions): ReportSink => ({
  async take(report) {
    const wanted = (await webhooks.all()).filter(({ events }) => events?.includes(report.type) ?? true);
    if (wanted.length === 0) return;
    const event = encodeReport(report);
    const body = JSON.stringify(event);
    // Each by itself: together they may be larger than a request to the queue.
    await Promise.all(wanted.map(({ key }) => deliveries.send([{ webhook: key, id: event.id, body, attempt: 1 }])));
  },
});
