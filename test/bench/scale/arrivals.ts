/** When callers who know nothing of each other come within so many seconds, in ms from the start: the gaps are exponential. */
export function arrivals(perSecond: number, seconds: number, random: () => number): number[] {
  const moments: number[] = [];
  const gap = (): number => (-Math.log(1 - random()) * 1000) / perSecond;
  for (let at = gap(); at < seconds * 1000; at += gap()) moments.push(at);
  return moments;
}
