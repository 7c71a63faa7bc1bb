import type { Sample } from './sample.ts';

/** The pushes of a while. */
export interface Bucket {
  readonly from: number;
  readonly taken: number;
  readonly failed: number;
}

const COUNT = 16;

/** The pushes of a sample, in equal parts of its time. */
export function bucketsOf({ from, to, pushes }: Sample): Bucket[] {
  const span = Math.max(1, to - from) / COUNT;
  const buckets = Array.from({ length: COUNT }, (_, i) => ({ from: from + i * span, taken: 0, failed: 0 }));
  for (const { at, isTaken } of pushes) {
    const bucket = buckets[Math.min(COUNT - 1, Math.max(0, Math.floor((at - from) / span)))];
    if (!bucket) continue;
    if (isTaken) bucket.taken += 1;
    else bucket.failed += 1;
  }
  return buckets;
}
