import { checkup, deliveryPage, stageCallPage, taken, userAnswer } from '#wire/rest/answers.ts';
import { nextToken } from '#wire/rest/requests.ts';
import * as sample from '../samples.ts';
import { type Chapter, ok } from './described.ts';
import { IPHONE, PIXEL } from './devices.ts';

const VERDICT = 'not answered';
const NEXT = nextToken(`${sample.AT}#${sample.CID}`);
const DELIVERY_ID = nextToken(`${sample.ENDED_AT}#9f86d081884c7d65#${sample.EVENT_ID}`);

const FINDINGS = [
  { state: 'good', about: 'stack', says: 'answers at https://ring.example.com, version 0.1.0' },
  {
    state: 'fix',
    about: 'apn default, production',
    says: 'the key may not push to com.example.app.voip: bundle_id must name an app of that team that has push notifications enabled (400 TopicDisallowed)',
  },
];

/** What people look at who operate a stage. */
export const operators = {
  name: 'Operating',
  description:
    'For the app’s own backend, and for operators: people who look why a phone did not ring. An operator token is made by `npm run console` and is good for 8 hours. It reads whatever a server token reads: with `?user_id=` the devices, blocks, preferences and calls of a user. It changes nothing but this: it rings users for a test, removes devices, ends calls, has webhooks tried again, and keeps what the doctor finds. Whatever it is used for is written to the log with the operator’s name.',
  operations: {
    listStageCalls: {
      summary: 'List the calls of the stage, or of one user',
      description:
        'Also those that a member knows nothing of, because they have blocked whoever rings. A call that was just created may be missing for a second. A page may be empty and still have a `next`.',
      query: {
        status: 'missed',
        user_id: sample.BOB,
        from: '2026-11-20T10:00:00Z',
        to: '2026-11-20T11:00:00Z',
        limit: '25',
        next: NEXT,
      },
      answers: ok('A page of calls, the newest first.', stageCallPage, {
        calls: [{ ...sample.MISSED, verdict: VERDICT, verdicts: [{ user_id: sample.BOB, verdict: VERDICT }] }],
        next: NEXT,
      }),
    },
    getUser: {
      summary: 'Look at a user',
      description:
        'All that the service knows of them now. Of a user whom nobody knows there is simply nothing to see. `dialect` says which wire language a connection speaks.',
      answers: ok('The user.', userAnswer, {
        user: {
          id: sample.BOB,
          devices: [PIXEL, IPHONE],
          removed_devices: [
            {
              device: 'c5d6e7f8',
              push_provider: 'apn',
              push_provider_name: 'default',
              voip_token: true,
              sandbox: false,
              hardware_id: 'bobs-old-iphone',
              updated_at: sample.AT,
              removed_at: sample.ANSWERED_AT,
              reason: 'Unregistered',
            },
          ],
          connections: [
            {
              connection_id: sample.CONNECTION_ID,
              hardware_id: 'bobs-pixel',
              dialect: 'native',
              connected_at: sample.AT,
            },
          ],
          live_call: sample.RINGING,
          blocks: [{ user_id: sample.CAROL, created_at: sample.AT }],
          preferences: { do_not_disturb: false },
          counts: {
            devices: 2,
            failing_devices: 1,
            connections: 1,
            blocks: 1,
            rings_this_hour: 3,
            rings_this_minute: 0,
          },
        },
      }),
    },
    listDeliveries: {
      summary: 'List the deliveries to webhooks',
      description:
        'Those that were tried in the last 24 hours. A page may be empty and still have a `next`. One that was just tried may be missing for a second.',
      query: { status: 'failed', webhook: '9f86d081884c7d65', limit: '25', next: DELIVERY_ID },
      answers: ok('A page of deliveries.', deliveryPage, {
        enabled: true,
        deliveries: [
          {
            id: DELIVERY_ID,
            webhook: '9f86d081884c7d65',
            host: 'api.example.com',
            webhook_id: sample.EVENT_ID,
            type: 'call.ended',
            call_cid: sample.CID,
            created_at: sample.ENDED_AT,
            status: 'failed',
            attempt: 2,
            tried_at: '2026-11-20T10:39:18.022Z',
            http_status: 503,
            fault: 'status 503',
            retry_at: '2026-11-20T10:39:48.022Z',
          },
        ],
        next: DELIVERY_ID,
      }),
    },
    replayDelivery: {
      summary: 'Have a webhook tried once more',
      description:
        'For a delivery that failed: at once, with the same `webhook-id`. If it fails again, it is tried as it would have been without it; if it is taken, it is not tried any more. A dead letter stays in its queue. Again, while the last try is the same: nothing more happens.',
      path: { delivery_id: DELIVERY_ID },
      answers: { 202: { description: 'It is tried.', schema: taken, example: {} } },
      codes: ['not_found'],
    },
    getCheckup: {
      summary: 'Read what the doctor found',
      description: 'When it ran last, by `npm run doctor`. The console shows it on the page _Health_.',
      answers: ok('The latest checkup.', checkup, { findings: FINDINGS, at: sample.AT, by: 'Olga' }),
    },
    keepCheckup: {
      summary: 'Keep what the doctor found',
      description: 'It takes the place of what it found before. `npm run doctor` sends this.',
      examples: { 'a checkup': { findings: FINDINGS } },
      answers: { 204: { description: 'The findings are kept.' } },
    },
  },
} as const satisfies Chapter;
