/** The times, in ms from the start, when independent callers arrive within a number of seconds: the gaps are exponential. */
export function arrivals(perSecond: number, seconds: number, random: () => number): number[] {
  const moments: number[] = [];
  const gap = (): number => (-Math.log(1 - random()) * 1000) / perSecond;
  for (let at = gap(); at < seconds * 1000; at += gap()) moments.push(at);
  return moments;
}
