import type { AwsKey } from '../aws/iam/signature.ts';
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
import type { NewSubscription } from './webpush/subscriptions.ts';
import { startWebPushFake } from './webpush/webpush-fake.ts';

/** The base URLs of the push services; `apnsSandbox` is Apple's development environment. */
export interface PushEndpoints {
  readonly fcm: string;
  readonly apns: string;
  readonly apnsSandbox: string;
}

/** Running fakes of FCM, of both APNs environments and of a push service of browsers. They hold senders to the services' rules. */
export interface PushFakes {
  readonly fcmEndpoint: string;
  readonly apnsEndpoint: string;
  readonly apnsSandboxEndpoint: string;
  /** Where the subscriptions of browsers are. */
  readonly webPushOrigin: string;
  /** The certificate authority of the fakes, as PEM. */
  readonly caPem: string;
  /** The JSON content of the secret that holds the push providers' credentials. */
  readonly providersSecret: object;
  /** The accounts that the fakes accept, with their public keys. */
  readonly providers: object;
  /** The requests for a token, newest last, refused ones included. */
  pushes(token: string): PushRecord[];
  /** The latest 100 requests for all tokens, newest last, refused ones included. */
  latestPushes(): PushRecord[];
  /** Resolves once there are `atLeast` requests for a token, at the latest after ten seconds. */
  arrived(token: string, atLeast: number): Promise<void>;
  /** Forgets what was received for a token. */
  forget(token: string): void;
  /** Every request so far that broke a rule, newest last. */
  violations(): Violation[];
  /** Scripts the outcomes of a token's next requests; throws an Error that names the path of an invalid field. */
  script(token: string, outcomes: unknown): void;
  /** Makes something go wrong, now or at the next requests; throws an Error that names the path of an invalid field. */
  fault(fault: unknown): void;
  /** Removes the faults that have not happened yet. */
  clearFaults(): void;
  /** Sets how the phone behind a token can be reached: `online`, `dozing`, `offline` or `gone`. */
  setPhone(token: string, state: string): void;
  /** Subscribes a new browser, for the sender with this VAPID key. @default the one in `providersSecret` */
  subscribe(applicationServerKey?: string): NewSubscription;
  /** What each service has counted so far. */
  stats(): PushStats;
  close(): Promise<void>;
}

/** The endpoints of the fakes. */
export const endpointsOf = ({ fcmEndpoint, apnsEndpoint, apnsSandboxEndpoint }: PushFakes): PushEndpoints => ({
  fcm: fcmEndpoint,
  apns: apnsEndpoint,
  apnsSandbox: apnsSandboxEndpoint,
});

/** What the fakes know of the world around them. */
export interface Surroundings {
  /** The AWS keys that AWS's own STS knows, which Google asks. @default none */
  readonly awsKeyOf?: (accessKeyId: string) => AwsKey | undefined;
}

/** Starts the fakes on free ports of 127.0.0.1, with new keys and certificates. */
export async function startPushFakes({ awsKeyOf = () => undefined }: Surroundings = {}): Promise<PushFakes> {
  const [identity, credentials] = await Promise.all([makeServerIdentity(), makeCredentials()]);
  const log = openPushLog();
  const script = openOutcomeScript();
  const faults = openFaultScript();
  const phones = openPhones();
  const shared = { identity, log, script, faults, phones, retries: openRetryRules() };
  const [fcm, apns, sandbox, webpush] = await Promise.all([
    startFcmFake({ ...shared, account: credentials.fcm, awsKeyOf }),
    startApnsFake({ ...shared, account: credentials.apns, provider: 'apns' }),
    startApnsFake({ ...shared, account: credentials.apns, provider: 'apns-sandbox' }),
    startWebPushFake(shared),
  ]);
  const servers = { fcm, apns, 'apns-sandbox': sandbox, webpush };
  // Google's token endpoint shares the connections of FCM.
  const serversOf = (fault: Fault) =>
    servicesOf(fault).flatMap((service) => (service === 'oauth' ? [] : servers[service]));
  return {
    fcmEndpoint: fcm.endpoint,
    apnsEndpoint: apns.endpoint,
    apnsSandboxEndpoint: sandbox.endpoint,
    webPushOrigin: webpush.endpoint,
    caPem: identity.caPem,
    providersSecret: credentials.providersSecret,
    providers: credentials.providers,
    pushes: (token) => log.pushes(token),
    latestPushes: () => log.latest(),
    arrived: (token, atLeast) => log.arrived(token, atLeast),
    forget: (token) => log.forget(token),
    violations: () => log.violations(),
    script: (token, outcomes) => script.add(token, outcomes),
    fault(request) {
      const fault = faults.add(request);
      if (fault.on === 'open' || fault.fault === 'down')
        for (const server of serversOf(fault)) server.applyToOpen(fault);
    },
    clearFaults: () => faults.clear(),
    setPhone: (token, state) => phones.set(token, state),
    subscribe: (key = credentials.webPushKey) => webpush.subscribe(key),
    stats: () => ({
      fcm: fcm.stats(),
      apns: apns.stats(),
      'apns-sandbox': sandbox.stats(),
      webpush: webpush.stats(),
    }),
    close: async () => {
      await Promise.all([fcm, apns, sandbox, webpush].map((server) => server.close()));
    },
  };
}
