import { deviceList, registeredDevice } from '#wire/rest/answers.ts';
import { AT, BOB } from '../samples.ts';
import type { Chapter } from './described.ts';

const PIXEL = {
  id: 'dXJ0OmZjbS10b2tlbg:APA91bE',
  push_provider: 'firebase',
  push_provider_name: 'default',
  voip_token: false,
  id_type: 'token',
  sandbox: false,
  hardware_id: 'bobs-pixel',
  app_version: '3.2.1',
  user_id: BOB,
  created_at: AT,
  updated_at: AT,
};

const IPHONE = {
  ...PIXEL,
  id: '9f2b7c1e4d5a6f708192a3b4c5d6e7f80123456789abcdef0123456789abcdef',
  push_provider: 'apn',
  voip_token: true,
  hardware_id: 'bobs-iphone',
  failing: { reason: 'DeviceTokenNotForTopic', since: AT },
};

/** Push tokens. */
export const devices = {
  name: 'Devices',
  description:
    'Push tokens of the user who asks. One token rings one user, the last who registered it. Registering again refreshes it; a field that is absent then keeps what it was. An APNs token is 64 to 200 hexadecimal digits, kept in lower case. A user has at most 25 devices; the least recently refreshed goes first. A token that a push service calls dead is removed; one that fails for another reason stays, with `failing`.',
  operations: {
    registerDevice: {
      summary: 'Register a push token, or refresh it',
      examples: {
        'an Android phone': {
          id: PIXEL.id,
          push_provider: 'firebase',
          hardware_id: 'bobs-pixel',
          app_version: '3.2.1',
        },
        'the PushKit token of an iPhone': {
          id: IPHONE.id,
          push_provider: 'apn',
          voip_token: true,
          hardware_id: 'bobs-iphone',
        },
        'the ordinary token of an iPhone’s development build': {
          id: 'a1b2c3d4e5f60718293a4b5c6d7e8f900123456789abcdef0123456789abcdef',
          push_provider: 'apn',
          sandbox: true,
          hardware_id: 'bobs-iphone',
        },
        'a browser': {
          id: 'https://push.example.com/send/abc123',
          push_provider: 'webpush',
          keys: { p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA', auth: 'tBHItJI5svbpez7KI4CCXg' },
        },
      },
      answers: {
        201: { description: 'It is registered.', schema: registeredDevice, example: { device: PIXEL } },
        200: { description: 'It was there, and is refreshed.', schema: registeredDevice, example: { device: PIXEL } },
      },
      codes: ['contended'],
    },
    listDevices: {
      summary: 'List one’s devices',
      answers: {
        200: { description: 'The newest first.', schema: deviceList, example: { devices: [PIXEL, IPHONE] } },
      },
    },
    removeDevice: {
      summary: 'Remove a push token',
      description: 'At logout, for instance.',
      query: { id: PIXEL.id },
      answers: { 204: { description: 'It is not there, whether or not it was.' } },
    },
  },
} as const satisfies Chapter;
