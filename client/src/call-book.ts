import { begin, hear, type Participation, type Source, tick, type Viewer } from './participation.ts';
import { merge, type News, type Picture } from './picture.ts';
import type { AnsweredOn } from './wire.ts';

/** A change of a handset's part in a call. */
export interface Step {
  readonly cid: string;
  /** Absent if the part begins. */
  readonly before?: Participation;
  readonly after: Participation;
}

/** How many calls without a part are remembered, so that a late event of theirs rings nobody. */
const REMEMBERED = 200;

/** What a handset knows of its user's calls. It has no clock and no connection: whatever it hears, it is told. */
export class CallBook {
  readonly #me: string;
  readonly #isHere: (answeredOn: AnsweredOn) => boolean;
  readonly #parts = new Map<string, Participation>();
  readonly #pictures = new Map<string, Picture>();
  readonly #rung = new Set<string>();

  constructor(me: string, isHere: (answeredOn: AnsweredOn) => boolean) {
    this.#me = me;
    this.#isHere = isHere;
  }

  /** The handset's part in a call that is not over for it. */
  part(cid: string): Participation | undefined {
    return this.#parts.get(cid);
  }

  /** Hears news of a call, at a time of the server's clock. One part may end and the next begin. */
  hear(news: News, now: number, source: Source = {}): Step[] {
    const { cid } = news.call;
    const viewer = { me: this.#me, isHere: this.#isHere, now };
    const picture = merge(this.#pictures.get(cid), news);
    this.#remember(cid, picture);
    const part = this.#parts.get(cid);
    const steps = part ? this.put(cid, hear(part, news, viewer, source)) : [];
    return this.#parts.has(cid) ? steps : [...steps, ...this.#begin(cid, picture, viewer, source)];
  }

  /** Lets time pass. */
  tick(now: number): Step[] {
    return [...this.#parts].flatMap(([cid, part]) => this.put(cid, tick(part, { now })));
  }

  /** Replaces the part in a call. */
  put(cid: string, after: Participation): Step[] {
    const before = this.#parts.get(cid);
    if (after === before) return [];
    if (after.phase === 'over') this.#parts.delete(cid);
    else this.#parts.set(cid, after);
    if (after.ringId !== undefined) this.#rung.add(after.ringId);
    return [{ cid, ...(before && { before }), after }];
  }

  /** When the next ring ends, in ms of the server's clock. */
  get nextDeadline(): number | undefined {
    const deadlines = [...this.#parts.values()].flatMap(({ phase, deadline = [] }) =>
      phase === 'incoming' ? deadline : [],
    );
    return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
  }

  /** The calls in which the handset has a part. */
  get cids(): string[] {
    return [...this.#parts.keys()];
  }

  #begin(cid: string, picture: Picture, viewer: Viewer, source: Source): Step[] {
    const part = begin(picture, viewer, source, (ringId) => this.#rung.has(ringId));
    return part ? this.put(cid, part) : [];
  }

  #remember(cid: string, picture: Picture): void {
    this.#pictures.delete(cid);
    this.#pictures.set(cid, picture);
    for (const old of this.#pictures.keys()) {
      if (this.#pictures.size <= REMEMBERED) break;
      this.#pictures.delete(old);
    }
  }
}
