/** How far a process is warm, and how many requests are measured there. */
export const STEPS = [
  { name: 'the first request', requests: 1 },
  { name: 'the next 30', requests: 30 },
  { name: 'the next 300', requests: 300 },
  { name: 'the next 1,000', requests: 1000 },
] as const;
