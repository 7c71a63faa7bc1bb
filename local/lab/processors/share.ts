/** Lambda gives processor time by periods of this length. */
export const PERIOD_US = 20_000;

/** The memory that comes with one processor. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MEMORY_OF_ONE_MB = 1769;

/** How much processor time a function with so much memory has in each period. */
export const quotaUs = (memoryMb: number): number => Math.round((PERIOD_US * memoryMb) / MEMORY_OF_ONE_MB);
