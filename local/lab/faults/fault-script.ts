import { type Fault, parseFault, type Service, servicesOf } from './fault.ts';
import { seededRandom } from './seeded-random.ts';

/** The faults that are still to come. */
export interface FaultScript {
  /** Adds a fault and returns it. Throws an Error that names the path of an invalid field. */
  add(request: unknown): Fault;
  /** Removes all faults. */
  clear(): void;
  /** The fault, if any, for the next request or the next new connection of a service. */
  next(on: 'request' | 'new', service: Service): Fault | undefined;
}

interface Pending {
  readonly fault: Fault;
  /** Whether it applies this time. */
  applies(now: number): boolean;
}

/** Starts without faults. */
export function openFaultScript(): FaultScript {
  const pending: Pending[] = [];
  return {
    add(request) {
      const fault = parseFault(request);
      if (fault.on !== 'open') pending.push(pend(fault, Date.now()));
      return fault;
    },
    clear: () => void pending.splice(0),
    next: (on, service) =>
      pending.find(
        ({ fault, applies }) => fault.on === on && servicesOf(fault).includes(service) && applies(Date.now()),
      )?.fault,
  };
}

function pend(fault: Fault, now: number): Pending {
  const { after, probability, count, for_ms } = fault;
  const random = seededRandom(fault.seed);
  const until = now + (for_ms ?? Number.POSITIVE_INFINITY);
  let spared = 0;
  let left = count ?? (for_ms === undefined && probability === 1 ? 1 : Number.POSITIVE_INFINITY);
  return {
    fault,
    applies(at) {
      if (at > until || left === 0) return false;
      if (spared < after) {
        spared += 1;
        return false;
      }
      if (random() >= probability) return false;
      left -= 1;
      return true;
    },
  };
}
