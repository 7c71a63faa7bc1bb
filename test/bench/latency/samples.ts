/** One measured time of one figure. */
export interface Sample {
  readonly figure: string;
  readonly ms: number;
}

/** Measures once: one call of ours, of a peer or of a floor. */
export type Play = () => Promise<readonly Sample[]>;

/** Somebody whose times are taken, and what they were. */
export interface Contestant {
  readonly name: string;
  readonly play: Play;
}

/** The times of every figure of one contestant. */
export type Times = ReadonlyMap<string, readonly number[]>;

/** So many calls of one contestant, then as many of the next: what disturbs the machine hits all of them. */
const BLOCK = 25;

/** Plays all contestants in turn, block by block; the first calls of each, which only warm them up, are not counted. */
export async function playInTurn(
  contestants: readonly Contestant[],
  { calls, warmUp }: { readonly calls: number; readonly warmUp: number },
  told: (done: number) => void,
): Promise<ReadonlyMap<string, Times>> {
  const taken = new Map(contestants.map(({ name }) => [name, new Map<string, number[]>()]));
  const total = warmUp + calls;
  for (let first = 0; first < total; first += BLOCK) {
    for (const { name, play } of contestants) {
      for (let nth = first; nth < Math.min(first + BLOCK, total); nth += 1) {
        const samples = await play();
        if (nth >= warmUp) for (const sample of samples) keep(taken.get(name), sample);
      }
    }
    told(Math.min(first + BLOCK, total));
  }
  return taken;
}

function keep(times: Map<string, number[]> | undefined, { figure, ms }: Sample): void {
  const ofFigure = times?.get(figure) ?? [];
  ofFigure.push(ms);
  times?.set(figure, ofFigure);
}
