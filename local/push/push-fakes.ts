import { type Fault, servicesOf } from '../lab/faults/fault.ts';
import { openFaultScript } from '../lab/faults/fault-script.ts';
import { startApnsFake } from './apns/apns-fake.ts';
import { makeServerIdentity } from './certificates.ts';
import { makeCredentials } from './credentials.ts';
import { startFcmFake } from './fcm/fcm-fake.ts';
import { openPhones } from './phones.ts';
import { openPushLog, type PushRecord, type Violation } from './push-log.ts';
import { openRetryRules } from './retry-rules.ts';
import { openOutcomeScript } from './scripted-outcomes.ts';
import type { PushStats } from './service-stats.ts';

/** The base URLs of the push services; `apnsSandbox` is Apple's development environment. */
export interface PushEndpoints {
  readonly fcm: string;
  readonly apns: string;
  readonly apnsSandbox: string;
}

/** Running fakes of FCM and of both environments of APNs, which hold senders to Google's and Apple's rules. */
export interface PushFakes {
  readonly fcmEndpoint: string;
  readonly apnsEndpoint: string;
  readonly apnsSandboxEndpoint: string;
  /** PEM of the authority that signed their certificates. */
  readonly caPem: string;
  /** The JSON content of the secret that holds the push providers' credentials. */
  readonly providersSecret: object;
  /** The accounts' public side: who the fakes take pushes from, and the keys that prove it. */
  readonly providers: object;
  /** What was received for a token, newest last; refused requests count as well. */
  pushes(token: string): PushRecord[];
  /** Resolves once there are so many requests for a token; where they do not come, after ten seconds. */
  arrived(token: string, atLeast: number): Promise<void>;
  /** Forgets what was received for a token. */
  forget(token: string): void;
  /** Every breach of a rule so far, newest last. */
  violations(): Violation[];
  /** Adds to the outcomes of a token's next requests; throws an Error that names the path of what is wrong with them. */
  script(token: string, outcomes: unknown): void;
  /** Lets something go wrong, now or with the next requests; throws an Error that names the path of what is wrong with it. */
  fault(fault: unknown): void;
  /** Faults that have not struck yet never will. */
  clearFaults(): void;
  /** Says by what the phone of a token can be reached: `online`, `dozing`, `offline` or `gone`. */
  setPhone(token: string, state: string): void;
  /** What the services have seen so far. */
  stats(): PushStats;
  close(): Promise<void>;
}

/** The endpoints of the fakes. */
export const endpointsOf = ({ fcmEndpoint, apnsEndpoint, apnsSandboxEndpoint }: PushFakes): PushEndpoints => ({
  fcm: fcmEndpoint,
  apns: apnsEndpoint,
  apnsSandbox: apnsSandboxEndpoint,
});

/** Starts the fakes with keys and certificates of their own, on free ports of 127.0.0.1. */
export async function startPushFakes(): Promise<PushFakes> {
  const [identity, credentials] = await Promise.all([makeServerIdentity(), makeCredentials()]);
  const log = openPushLog();
  const script = openOutcomeScript();
  const faults = openFaultScript();
  const phones = openPhones();
  const shared = { identity, log, script, faults, phones, retries: openRetryRules() };
  const [fcm, apns, sandbox] = await Promise.all([
    startFcmFake({ ...shared, account: credentials.fcm }),
    startApnsFake({ ...shared, account: credentials.apns, provider: 'apns' }),
    startApnsFake({ ...shared, account: credentials.apns, provider: 'apns-sandbox' }),
  ]);
  const servers = { fcm, apns, 'apns-sandbox': sandbox };
  /** The endpoint of access tokens has no connections of its own. */
  const struck = (fault: Fault) =>
    servicesOf(fault).flatMap((service) => (service === 'oauth' ? [] : servers[service]));
  return {
    fcmEndpoint: fcm.endpoint,
    apnsEndpoint: apns.endpoint,
    apnsSandboxEndpoint: sandbox.endpoint,
    caPem: identity.caPem,
    providersSecret: credentials.providersSecret,
    providers: credentials.providers,
    pushes: (token) => log.pushes(token),
    arrived: (token, atLeast) => log.arrived(token, atLeast),
    forget: (token) => log.forget(token),
    violations: () => log.violations(),
    script: (token, outcomes) => script.add(token, outcomes),
    fault(request) {
      const fault = faults.add(request);
      if (fault.on === 'open' || fault.fault === 'down') for (const server of struck(fault)) server.strikeOpen(fault);
    },
    clearFaults: () => faults.clear(),
    setPhone: (token, state) => phones.set(token, state),
    stats: () => ({ fcm: fcm.stats(), apns: apns.stats(), 'apns-sandbox': sandbox.stats() }),
    close: async () => {
      await Promise.all([fcm, apns, sandbox].map((server) => server.close()));
    },
  };
}
