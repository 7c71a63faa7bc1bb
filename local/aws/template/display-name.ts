/** What people call a queue or a function of the template: `RingQueue` is `ring`, and so is its function `RingWorker`. */
export const displayName = (name: string): string => name.replace(/(Queue|Worker|Function)$/, '').toLowerCase();
