/** A value at a time. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** By how much the line of the least squares rises from the first point to the last. */
export function riseOf(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number): number => points.reduce((sum, one) => sum + of(one), 0) / points.length;
  const [at, value] = [mean((one) => one.at), mean((one) => one.value)];
  const together = points.reduce((sum, one) => sum + (one.at - at) * (one.value - value), 0);
  const alone = points.reduce((sum, one) => sum + (one.at - at) ** 2, 0);
  const [first, last] = [points[0], points.at(-1)];
  return first && last && alone > 0 ? (together / alone) * (last.at - first.at) : 0;
}
