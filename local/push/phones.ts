import { z } from 'zod';

/** Dozing: only urgent pushes get through. Gone: the app was removed, and its token is dead for good. */
const phoneState = z.enum(['online', 'dozing', 'offline', 'gone']);

/** How a phone can be reached. */
export type PhoneState = z.infer<typeof phoneState>;

/** A push that was accepted and is now on its way to a phone. */
export interface Delivery {
  /** Epoch milliseconds until which it is kept for a phone that cannot be reached; in the past: it is never kept. */
  readonly keptUntil: number;
  /** Gets through to a phone that dozes. */
  readonly urgent: boolean;
  /** Takes the place of an earlier one that waits under the same name. */
  readonly slot?: string | undefined;
  /** It has reached the phone. */
  arrived(at: Date): void;
}

/** The phones that the push services deliver to, by push token. Every phone is online until a test says otherwise. */
export interface Phones {
  /** Changes what a phone can be reached by, and delivers what it was waiting for; throws for a state that does not exist. */
  set(token: string, state: string): void;
  /** Epoch milliseconds since when the token is dead. */
  goneSince(token: string): number | undefined;
  deliver(token: string, delivery: Delivery): void;
}

interface Phone {
  readonly state: PhoneState;
  readonly since: number;
  readonly waiting: readonly Delivery[];
}

/** Opens the phones. */
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
