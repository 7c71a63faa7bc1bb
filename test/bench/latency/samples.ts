/** One measured time. */
export interface Sample {
  readonly figure: string;
  readonly ms: number;
}

/** Measures once: one call of Carillon, of a peer or of a floor. */
export type Play = () => Promise<readonly Sample[]>;

/** A contestant, and its way to play. */
export interface Contestant {
  readonly name: string;
  readonly play: Play;
}

/** All times of one contestant, by their names. */
export type Times = ReadonlyMap<string, readonly number[]>;

/**
 * Plays all contestants in turn, one call each: what disturbs the machine hits all of them, and each is idle between two
 * calls for as long as any other. The first calls of each, which only warm them up, are not counted.
 */
export async function playInTurn(
  contestants: readonly Contestant[],
  { calls, warmUp }: { readonly calls: number; readonly warmUp: number },
  told: (done: number) => void,
): Promise<ReadonlyMap<string, Times>> {
  const taken = new Map(contestants.map(({ name }) => [name, new Map<string, number[]>()]));
  for (let nth = 1; nth <= warmUp + calls; nth += 1) {
    for (const { name, play } of contestants) {
      const samples = await play();
      if (nth > warmUp) for (const sample of samples) keep(taken.get(name), sample);
    }
    told(nth);
  }
  return taken;
}

function keep(times: Map<string, number[]> | undefined, { figure, ms }: Sample): void {
  const ofFigure = times?.get(figure) ?? [];
  ofFigure.push(ms);
  times?.set(figure, ofFigure);
}
