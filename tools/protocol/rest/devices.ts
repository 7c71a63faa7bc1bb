import { deviceList, pushProviderList, registeredDevice } from '#wire/rest/answers.ts';
import { AT, BOB } from '../samples.ts';
import { type Chapter, ok } from './described.ts';

/** Bob’s Android phone. */
export const PIXEL = {
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

/** Bob’s iPhone, whose pushes are refused. */
export const IPHONE = {
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
    'The push tokens of a user. A token rings only the user who registered it last. Registering it again refreshes it, and an absent field then keeps its value. An APNs token is 64 to 200 hexadecimal digits, and is kept in lower case. A user can have 25 devices; one more removes the device that was refreshed least recently. A token that the push service reports as dead is removed. One that fails for another reason stays, and has `failing`. For Web Push, `id` is the endpoint of the subscription and `keys` are its keys; only endpoints at push services that the deployment knows are taken.',
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
          id: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABk',
          push_provider: 'webpush',
          hardware_id: 'bobs-laptop',
          keys: {
            p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
            auth: 'BTBZMqHH6r4Tts7J_aSIgg',
          },
        },
      },
      answers: {
        201: { description: 'It is newly registered.', schema: registeredDevice, example: { device: PIXEL } },
        200: {
          description: 'It was registered already, and is refreshed.',
          schema: registeredDevice,
          example: { device: PIXEL },
        },
      },
      codes: ['contended'],
    },
    listDevices: {
      summary: 'List devices',
      answers: ok('The user’s devices, the newest first.', deviceList, { devices: [PIXEL, IPHONE] }),
    },
    removeDevice: {
      summary: 'Remove a push token',
      description: 'At logout, for example.',
      query: { id: PIXEL.id },
      answers: { 204: { description: 'It is not registered any more, or never was.' } },
    },
    listPushProviders: {
      summary: 'List push providers',
      description: 'What a device can be registered with, and the key that a browser needs to subscribe.',
      answers: ok('The push providers of this deployment.', pushProviderList, {
        push_providers: [
          { push_provider: 'firebase', name: 'default' },
          {
            push_provider: 'webpush',
            name: 'default',
            public_key: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
          },
        ],
      }),
    },
  },
} as const satisfies Chapter;
