import type { Call } from '#client/call.ts';
import { Carillon } from '#client/carillon.ts';
import { joinMedia } from '#client/media/index.ts';
import { declinePush, readPush } from '#client/push/index.ts';
import type { RingPushed } from '#client/pushed.ts';
import type { Device, RegisterDeviceRequest } from '#client/wire.ts';
import { lab, type Provider, SLOW_MS, type Weather } from './lab.ts';
import { type Media, testPattern } from './media.ts';
import { type PhoneNetwork, phoneNetwork } from './network.ts';

/** What a phone shows. */
export type Screen =
  | { readonly name: 'locked'; readonly note?: string }
  | { readonly name: 'ringing'; readonly caller: string }
  | { readonly name: 'talking'; readonly with: string; readonly mine: MediaStream; readonly theirs?: MediaStream };

/** Which phone it is. */
export interface Model {
  readonly name: string;
  readonly provider: Provider;
  readonly hardwareId: string;
  /** The colour of its test pattern. */
  readonly hue: number;
}

/** Why a phone is silent, in its owner's words. */
const NOTES: Readonly<Record<string, string>> = {
  answered_elsewhere: 'Answered on another phone',
  declined_elsewhere: 'Declined on another phone',
  cancelled: 'Missed call',
  replaced: 'Missed call',
  missed: 'Missed call',
};

/**
 * A phone whose app is closed. It does what an app does, with nothing but the pushes that the fakes have received: a ring
 * wakes it, a stop silences it, and the wake token in the push answers.
 */
export class Phone {
  readonly model: Model;
  readonly network: PhoneNetwork = phoneNetwork();
  readonly #userId: string;
  readonly #stop = new AbortController();
  readonly #changed: () => void;
  readonly #seen = {};
  #screen: Screen = { name: 'locked' };
  #weather: Weather = 'fine';
  /** Its push token: a new one for each visit. */
  #token = '';
  #ring: RingPushed | undefined;
  #waking: Promise<Call | undefined> | undefined;
  #media: Media | undefined;
  /** What has come while there was no network. */
  #held: object[] = [];

  constructor(model: Model, userId: string, changed: () => void) {
    this.model = model;
    this.#userId = userId;
    this.#changed = changed;
  }

  get screen(): Screen {
    return this.#screen;
  }

  /** How its push service treats the next rings. */
  get weather(): Weather {
    return this.#weather;
  }

  setWeather(weather: Weather): void {
    this.#weather = weather;
    this.#changed();
  }

  /** The app is opened once: it registers its push token and is closed again. From then on only pushes reach it. */
  async install(loginToken: string): Promise<Device> {
    const app = new Carillon({ url: location.origin, token: loginToken, hardwareId: this.model.hardwareId });
    const { provider } = this.model;
    const address = await addressFor(provider);
    this.#token = address.id;
    const device = await app.registerDevice({ ...address, push_provider: provider, voip_token: provider === 'apn' });
    void this.#receive();
    return device;
  }

  /** Tells its push service how to treat the ring that comes now. */
  async prepare(): Promise<void> {
    if (this.#weather !== 'fine') await lab.setWeather(this.model.provider, this.#token, this.#weather);
  }

  async answer(): Promise<void> {
    const ring = this.#ring;
    // The visitor may be faster than the phone's connection.
    const call = await this.#waking;
    if (!call || !ring || (await call.accept()).status !== 'active') return;
    this.#media = testPattern(this.model.name, this.model.hue);
    const { stream } = this.#media;
    const talking = { name: 'talking', with: ring.call.callerName, mine: stream } as const;
    this.#show(talking);
    const { RTCPeerConnection } = this.network;
    joinMedia(call, { stream, RTCPeerConnection }).on('track', ({ stream: theirs }) =>
      this.#show({ ...talking, theirs }),
    );
  }

  async decline(): Promise<void> {
    // One request, which needs no connection.
    if (this.#ring) await declinePush(this.#ring, { url: location.origin });
  }

  async hangUp(): Promise<void> {
    await (await this.#waking)?.hangUp();
  }

  /** Switches its network off and on. What was pushed meanwhile comes then, as push services do it. */
  turnNetwork(on: boolean): void {
    this.network.turn(on);
    if (on) for (const data of this.#held.splice(0)) void this.#wake(data);
    this.#changed();
  }

  /** Takes the phone away. */
  discard(): void {
    this.#stop.abort();
    this.#media?.stop();
    void this.hangUp();
  }

  /** Waits for the pushes to this phone, one after the other. */
  async #receive(): Promise<void> {
    const { signal } = this.#stop;
    for (let known = 0; !signal.aborted; ) {
      try {
        const all = await lab.pushes(this.#token, known + 1, signal);
        const fresh = all.slice(known).filter(({ status }) => status < 300);
        known = all.length;
        for (const { body } of fresh) void this.#arrives(body.message?.data ?? body);
      } catch {
        // The local stack has been stopped, or the page is being left. What it has received is forgotten with it.
        known = 0;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  /** Its push service has taken a push, and delivers it: a ring late if it is slow. */
  async #arrives(data: object): Promise<void> {
    const isLate = this.#weather === 'slow' && 'type' in data && data.type === 'call.ring';
    if (isLate) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (this.#stop.signal.aborted) return;
    if (this.network.isOn) void this.#wake(data);
    else this.#held.push(data);
  }

  async #wake(data: object): Promise<void> {
    const pushed = readPush(data, { userId: this.#userId, seen: this.#seen });
    if (pushed.kind === 'stop' && pushed.call.ringId === this.#ring?.call.ringId) this.#silence(pushed.reason);
    if (pushed.kind !== 'ring') return;
    this.#ring = pushed;
    this.#show({ name: 'ringing', caller: pushed.call.callerName });
    const { WebSocket } = this.network;
    this.#waking = Carillon.fromPush(pushed, { url: location.origin, WebSocket }).catch(() => undefined);
    const call = await this.#waking;
    if (this.#ring !== pushed) return;
    if (!call || call.status === 'ended') this.#silence(call?.snapshot.reason ?? 'missed');
    else call.once('ended', ({ reason }) => this.#silence(reason));
  }

  #silence(reason: string): void {
    this.#media?.stop();
    this.#media = undefined;
    this.#ring = undefined;
    this.#waking = undefined;
    const note = NOTES[reason];
    this.#show({ name: 'locked', ...(note !== undefined && { note }) });
  }

  #show(screen: Screen): void {
    this.#screen = screen;
    this.#changed();
  }
}

/** Where a push service delivers to, as each makes it. */
async function addressFor(provider: Provider): Promise<Pick<RegisterDeviceRequest, 'id' | 'keys'>> {
  if (provider === 'webpush') {
    const { endpoint, keys } = await lab.subscribe();
    return { id: endpoint, keys };
  }
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { id: provider === 'apn' ? hex : `phones-page:${hex}` };
}
