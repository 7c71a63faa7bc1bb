export const KIB = 1024;

/** How many units of `unitBytes` are billed: started units count as whole ones, and there is at least one. */
export const startedUnits = (bytes: number, unitBytes: number): number => Math.max(1, Math.ceil(bytes / unitBytes));
