declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  /** What a Web Push message is encrypted with: base64url strings, and a key of the one who calls. */
  interface Parameters {
    readonly version: 'aes128gcm';
    readonly privateKey: ECDH;
    readonly authSecret: string;
  }

  /** `dh`: the public key of the other side. */
  export function encrypt(text: Buffer, parameters: Parameters & { readonly dh: string }): Buffer;
  export function decrypt(message: Buffer, parameters: Parameters): Buffer;
}
