import { type Fault, parseFault, type Service, servicesOf } from './fault.ts';
import { seededRandom } from './seeded-random.ts';

/** The faults that are yet to strike. */
export interface FaultScript {
  /** Adds a fault and returns it; throws an Error that names the path of what is wrong with it. */
  add(request: unknown): Fault;
  /** Nothing goes wrong any more. */
  clear(): void;
  /** The fault that befalls the next request, or the next new connection, of a service. */
  next(on: 'request' | 'new', service: Service): Fault | undefined;
}

interface Pending {
  readonly fault: Fault;
  /** Whether it strikes this time. */
  strikes(now: number): boolean;
}

/** Starts with services that work. */
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
        ({ fault, strikes }) => fault.on === on && servicesOf(fault).includes(service) && strikes(Date.now()),
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
    strikes(at) {
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
