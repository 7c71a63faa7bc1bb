/** The short name of a queue or function for people: both `RingQueue` and `RingWorker` are `ring`. */
export const displayName = (name: string): string => name.replace(/(Queue|Worker|Function)$/, '').toLowerCase();
