/** The library has no types of its own; this is the part of it that the bench uses. */
declare module 'node-pushnotifications' {
  interface Sent {
    readonly message: readonly { readonly regId: string; readonly errorMsg?: unknown }[];
  }

  // biome-ignore lint/style/noDefaultExport: that is what the library has
  export default class PushNotifications {
    constructor(settings: object);
    send(ids: readonly { readonly id: string; readonly type: string }[], data: object): Promise<readonly Sent[]>;
  }
}
