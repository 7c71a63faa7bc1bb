import { z } from 'zod';

/** `dozing`: only urgent pushes get through. `gone`: the app was removed and its token will not work again. */
const phoneState = z.enum(['online', 'dozing', 'offline', 'gone']);

/** How a phone can be reached. */
export type PhoneState = z.infer<typeof phoneState>;

/** A push that was accepted and is on its way to a phone. */
export interface Delivery {
  /** Until when it is kept for a phone that cannot be reached, in epoch milliseconds. In the past: it is not kept. */
  readonly keptUntil: number;
  /** Whether it gets through to a dozing phone. */
  readonly urgent: boolean;
  /** It replaces an earlier push that waits in the same slot. */
  readonly slot?: string | undefined;
  /** Called when it reaches the phone. */
  arrived(at: Date): void;
}

/** The phones that the push services deliver to, by push token. Every phone is online until a test says otherwise. */
export interface Phones {
  /** Changes the state of a phone and delivers what was waiting for it. Throws if the state does not exist. */
  set(token: string, state: string): void;
  /** When the token became invalid, in epoch milliseconds. */
  goneSince(token: string): number | undefined;
  deliver(token: string, delivery: Delivery): void;
}

interface Phone {
  readonly state: PhoneState;
  readonly since: number;
  readonly waiting: readonly Delivery[];
}

/** Starts with no phones that anybody has changed. */
export function openPhones(): Phones {
  const phones = new Map<string, Phone>();
  return {
    set(token, state) {
      const next = phoneState.parse(state);
      const now = new Date();
      const kept = (phones.get(token)?.waiting ?? []).filter(({ keptUntil }) => keptUntil > now.getTime());
      const waiting = kept.filter((delivery) => !reaches(next, delivery));
      phones.set(token, { state: next, since: now.getTime(), waiting });
      for (const delivery of kept) if (reaches(next, delivery)) delivery.arrived(now);
    },
    goneSince(token) {
      const phone = phones.get(token);
      return phone?.state === 'gone' ? phone.since : undefined;
    },
    deliver(token, delivery) {
      const phone = phones.get(token);
      const now = new Date();
      if (!phone || reaches(phone.state, delivery)) return delivery.arrived(now);
      if (delivery.keptUntil <= now.getTime()) return;
      const others = phone.waiting.filter(({ slot }) => slot === undefined || slot !== delivery.slot);
      phones.set(token, { ...phone, waiting: [...others, delivery] });
    },
  };
}

const reaches = (state: PhoneState, { urgent }: Delivery): boolean =>
  state === 'online' || (state === 'dozing' && urgent);
