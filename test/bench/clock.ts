/** Now by the machine's monotonic clock, in ms with fractions: comparable between the processes of one machine. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
