/** The messages that have come from the queues, each as one event. */
export interface Deliveries {
  add(to: string, event: unknown): void;
  /** The first event for a function that mentions `about`, as soon as there is one. */
  next(to: string, about: string): Promise<unknown>;
}

/** Starts with none. */
export function openDeliveries(): Deliveries {
  const arrived: { readonly to: string; readonly event: unknown; readonly text: string }[] = [];
  let tell = (): void => undefined;
  return {
    add(to, event) {
      for (const record of Object(event).Records) {
        arrived.push({ to, event: { Records: [record] }, text: JSON.stringify(record) });
      }
      tell();
    },
    async next(to, about) {
      for (;;) {
        const found = arrived.find((delivery) => delivery.to === to && delivery.text.includes(about));
        if (found) return found.event;
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      }
    },
  };
}
