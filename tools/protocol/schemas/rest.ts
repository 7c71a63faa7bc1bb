import * as answers from '#wire/rest/answers.ts';
import { device } from '#wire/rest/device.ts';
import { gatewayRefusal, problem } from '#wire/rest/problem.ts';
import * as http from '#wire/rest/requests.ts';
import * as sessions from '#wire/rest/sessions.ts';
import * as wire from '#wire/rest/trace.ts';
import { type Components, described, type Meaning } from './component.ts';
import * as words from './words.ts';

const NEW_USER = { userId: 'The user’s id.' };
const DO_NOT_DISTURB =
  'Whether the user wants to be left alone: `true`, `false`, or `{"until"}` with the moment at which it ends.';
const VERDICT = { user_id: 'The callee.', verdict: 'The result of ringing this callee, for people.' };
const FINDING = {
  state: '`good`, `note` for something to know, or `fix` for something to fix.',
  about: 'What was checked.',
  says: 'How it is, and what to do, in words.',
};
const RING_AT_ONCE = { ring: 'Whether to ring at once.' };
const PUSH_TOKEN = {
  id: 'The push token; for Web Push the endpoint of the subscription.',
  push_provider: 'The push service: FCM (`firebase`), APNs (`apn`) or Web Push (`webpush`).',
  push_provider_name:
    'Which of the credentials in the deployment’s configuration pushes to it. `default` for a new device, unless said otherwise.',
  voip_token:
    'Whether it is a PushKit token, which rings by VoIP pushes. `false` for a new device, unless said otherwise. An ordinary APNs token gets the missed-call alert, and rings only if its push provider rings by alerts.',
  id_type:
    'What `id` is: an FCM registration token (`token`) or an FCM installation id (`fid`). `token` for a new device, unless said otherwise.',
  ...words.HARDWARE_ID,
  app_version: 'The version of the app, as the app names it.',
  sandbox: 'Whether it is the APNs token of a development build. `false` for a new device, unless said otherwise.',
};

const SESSION: { session: Meaning } = {
  session: [
    'The session.',
    {
      id: 'Its id.',
      channelName: 'The Agora channel.',
      initiatorId: 'Who started it.',
      recipientId: 'Who is rung.',
      callType: '`VIDEO` or `AUDIO`.',
      status:
        '`INITIATED` until it is answered, `RINGING` in the answer to the recipient’s first token, `ACTIVE`, and at the end `ENDED`, `REJECTED`, `MISSED` or `CANCELLED`.',
      createdAt: 'When it was started.',
      answeredAt: 'When it was answered.',
      endedAt: 'When it ended.',
    },
  ],
};

/** What requests take. */
export const requests: Components = {
  CallPath: described(http.callPath(), { type: 'The type of the call.', id: 'The id of the call.' }),
  UserPath: described(http.userPath(), { user_id: 'The user that it is about.' }),
  MintTokenRequest: described(http.mintTokenRequest(), { ...NEW_USER, name: 'The user’s name.' }),
  RegisterDeviceRequest: described(http.registerDeviceRequest(), {
    ...PUSH_TOKEN,
    keys: [
      'The keys of a Web Push subscription; required for `webpush`.',
      { p256dh: 'The public key of the subscription.', auth: 'The authentication secret of the subscription.' },
    ],
    user_id: 'The user whose device it is: the user of the token, or the one that a server token acts for.',
  }),
  RemoveDeviceQuery: described(http.removeDeviceQuery(), { id: 'The push token.' }),
  CreateCallRequest: described(http.createCallRequest(), {
    ...words.NEW_CALL,
    ...RING_AT_ONCE,
    data: [
      'What the app wants to keep with the call.',
      {
        custom: 'The app’s own data: at most 2 KiB of JSON.',
        created_by_id: 'The user of the token; with a server token the user who creates the call.',
      },
    ],
    ...words.HARDWARE_ID,
  }),
  ListCallsQuery: described(http.listCallsQuery(), {
    status: 'Only calls in this status; `missed`: only those that the user missed.',
    limit: 'The most calls on a page.',
    next: 'The `next` of the previous page.',
  }),
  ListStageCallsQuery: described(http.listStageCallsQuery(), {
    status: 'Only calls in this status; `missed`: only those that the user missed, or without a user anybody.',
    user_id: 'Only calls of this user.',
    from: 'Only calls that were created at this moment or later.',
    to: 'Only calls that were created before this moment.',
    limit: 'The most calls on a page.',
    next: 'The `next` of the previous page.',
  }),
  ListDeliveriesQuery: described(http.listDeliveriesQuery(), {
    status: 'Only those that are `delivered`, or those that `failed`.',
    webhook: 'Only those to this webhook.',
    limit: 'The most deliveries on a page.',
    next: 'The `next` of the previous page.',
  }),
  DeliveryPath: described(http.deliveryPath(), { delivery_id: 'The `id` of the delivery.' }),
  KeepCheckupRequest: described(http.keepCheckupRequest(), {
    findings: ['What the doctor found: at most 200 findings.', FINDING],
  }),
  RingRequest: described(http.ringRequest(), {
    ...words.RING_ID,
    member_ids:
      'The members to ring, even if they rejected, missed or left the call. Without it everybody who is still `invited` is rung.',
  }),
  AddMembersRequest: described(http.addMembersRequest(), { members: 'The users who join the call.', ...RING_AT_ONCE }),
  HandsetRequest: described(http.handsetRequest(), words.HARDWARE_ID),
  LeaveRequest: described(http.leaveRequest(), {
    ...words.HARDWARE_ID,
    end_call: 'Whether to end the call for everybody.',
    endCall: 'The same as `end_call`.',
  }),
  AcceptRequest: described(http.acceptRequest(), { ...words.HARDWARE_ID, ...words.MEANT_RING, ...words.ANSWER }),
  RejectRequest: described(http.rejectRequest(), {
    ...words.REJECT_REASON,
    ...words.HARDWARE_ID,
    ...words.MEANT_RING,
  }),
  SessionPath: described(sessions.sessionPath(), { id: 'The id of the session.' }),
  CreateSessionRequest: described(sessions.createSessionRequest(), {
    recipientId: 'The user to ring.',
    callType: '`VIDEO`, which it is if absent, or `AUDIO`.',
    ...words.HARDWARE_ID,
  }),
  SessionTokenRequest: described(sessions.sessionTokenRequest(), {
    role: 'What the answer repeats as the role: `HOST` or `AUDIENCE`. Either may publish.',
    ...words.HARDWARE_ID,
  }),
  SessionRequest: described(sessions.sessionRequest(), words.HARDWARE_ID),
  OfferRequest: described(http.offerRequest(), { ...words.OFFER_OR_ANSWER, ...words.TARGET }),
  AnswerRequest: described(http.answerRequest(), { ...words.OFFER_OR_ANSWER, ...words.TARGET }),
  PreferencesRequest: described(http.preferencesRequest(), { do_not_disturb: DO_NOT_DISTURB }),
  IceRequest: { ...described(http.iceRequest(), { ...words.ICE, ...words.TARGET }), keywords: words.SOME_CANDIDATE },
};

/** What requests are answered. */
export const replies: Components = {
  Device: described(device, {
    ...PUSH_TOKEN,
    user_id: 'The user whose device it is.',
    created_at: 'When it was first registered.',
    updated_at: 'When it was last registered.',
    failing: [
      'There if the last push failed although the token may be good.',
      { reason: 'Why it failed.', since: 'Since when.' },
    ],
  }),
  TraceEvent: described(wire.traceEvent, {
    at: 'When it happened.',
    event: 'What happened.',
    user_id: 'The user whom it is about.',
    ring_id: 'The ring that it is about.',
    type: 'The type of the push or event that it is about.',
    provider: 'The push provider.',
    device:
      'The last 8 characters of the push token. Only the user of the device, and server and operator tokens see it.',
    attempt: 'The number of the attempt, from 1.',
    provider_message_id: 'The id that the push service gave the message.',
    latency_ms: 'How long the push service took to answer, in ms.',
    status: 'The HTTP status of the push service’s answer; 0 if there was none.',
    reason: 'Why it happened.',
    retry_in_ms: 'How long until the next attempt, in ms.',
    connection_id: 'The id of the WebSocket.',
    ...words.HARDWARE_ID,
  }),
  Verdict: described(wire.verdict, VERDICT),
  Problem: described(problem, {
    type: 'Always `about:blank`.',
    title: 'The code, in words.',
    status: 'The HTTP status.',
    detail: 'What went wrong, for people.',
    code: 'What went wrong, for programs.',
    error: 'The same as `detail`, for clients that read a plain `error`.',
    reason: 'Why nobody is authenticated, for programs; only with `unauthenticated`.',
    ...words.FIELD_ERRORS,
    ...words.REFUSED_CALL,
    ...words.REQUEST_ID,
    statusCode: 'The same as `status`, for clients of sessions; only under `/api/v1/calls`.',
    message: 'The same as `detail`, for clients of sessions; only under `/api/v1/calls`.',
  }),
  GatewayRefusal: described(gatewayRefusal, { message: 'What went wrong, for people.' }),
  Document: { schema: answers.document },
  Health: described(answers.health, { status: 'Always `ok`.', version: 'The version of the service.' }),
  MintedToken: described(answers.mintedToken, {
    apiKey: 'Always `carillon`, for clients that expect a key.',
    ...NEW_USER,
    token: 'The login token: a JWT.',
    expiresAt: 'When the token expires, in seconds since 1970.',
  }),
  RegisteredDevice: described(answers.registeredDevice, { device: 'The device.' }),
  PushProviderList: described(answers.pushProviderList, {
    push_providers: [
      'Those that are configured.',
      {
        push_provider: PUSH_TOKEN.push_provider,
        name: 'Its name: what a device gives as `push_provider_name`.',
        public_key: 'For `webpush`, the key that a browser subscribes with (`applicationServerKey`), as base64url.',
      },
    ],
  }),
  DeviceList: described(answers.deviceList, { devices: 'The devices, the newest first.' }),
  CreatedCall: described(answers.createdCall, {
    ...words.WHOLE_CALL,
    created: 'Whether this request created the call.',
    call_token: 'The operator’s token for this call, valid for 4 hours; only with an operator token.',
  }),
  AcceptedCall: described(answers.acceptedCall, { ...words.WHOLE_CALL, ...words.CALL_TOKEN }),
  StageCallPage: described(answers.stageCallPage, {
    calls: [
      'The calls, the newest first.',
      {
        ...words.WHOLE_CALL,
        verdict: 'How its rings went, in one line.',
        verdicts: ['The same for each callee.', VERDICT],
      },
    ],
    next: 'A cursor: send it as `next` to get the next page. Absent on the last page.',
  }),
  UserAnswer: described(answers.userAnswer, {
    user: [
      'The user.',
      {
        id: 'Their id.',
        devices: 'Their devices, the most recently registered first.',
        removed_devices: [
          'Devices that have gone in the last 30 days, the latest first.',
          {
            device: 'The last 8 characters of the push token.',
            push_provider: PUSH_TOKEN.push_provider,
            push_provider_name: 'Which of the credentials in the deployment’s configuration pushed to it.',
            voip_token: 'Whether it was a PushKit token.',
            sandbox: 'Whether it was the APNs token of a development build.',
            ...words.HARDWARE_ID,
            updated_at: 'When it was last registered.',
            removed_at: 'When it went.',
            reason: 'Why it went: `moved_to_another_user`, `too_many_devices`, or what the push service said.',
          },
        ],
        connections: [
          'Their open WebSockets, the latest first.',
          {
            connection_id: 'The id of the WebSocket.',
            ...words.HARDWARE_ID,
            dialect: 'The wire language that it speaks.',
            connected_at: 'When it was opened.',
          },
        ],
        live_call: 'The call that they are in, or that rings for them.',
        blocks: [
          'Whom they have blocked.',
          { user_id: 'The blocked user.', created_at: 'Since when they are blocked.' },
        ],
        preferences: 'What they have chosen.',
        counts: [
          'How many there are.',
          {
            devices: 'Devices.',
            failing_devices: 'Devices with `failing`.',
            connections: 'Open WebSockets.',
            blocks: 'Blocked users.',
            rings_this_hour: 'Rings that they have started in this hour, where the stage limits them.',
            rings_this_minute: 'The same in this minute.',
          },
        ],
      },
    ],
  }),
  DeliveryPage: described(answers.deliveryPage, {
    enabled: 'Whether the stage has events, without which there are no webhooks.',
    deliveries: [
      'The deliveries, those of the newest events first.',
      {
        id: 'What names it here.',
        webhook: 'The webhook, as `npm run webhooks -- list` shows it.',
        host: 'The host of the webhook.',
        webhook_id: 'The `webhook-id`: the id of the event, the same at every try.',
        type: 'The type of the event.',
        call_cid: 'The call that the event is about.',
        created_at: 'When the event came about.',
        status: '`delivered`, or `failed` as long as no try was taken.',
        attempt: 'How many tries there were, without replays.',
        tried_at: 'When it was tried last.',
        http_status: 'What the webhook answered to the last try.',
        fault:
          'Why the last try failed: `status <http status>`, `timed_out`, `unreachable`, `private_address` or `not_sent`.',
        retry_at: 'When it is tried again by itself. Absent of one that was given up: it is a dead letter.',
      },
    ],
    next: 'A cursor: send it as `next` to get the next page. Absent on the last page.',
  }),
  Checkup: described(answers.checkup, {
    findings: ['The findings; none if it has never run.', FINDING],
    at: 'When it ran. Absent if it never did.',
    by: 'The name of whoever ran it, if their token says one.',
  }),
  CallPage: described(answers.callPage, {
    calls: 'The calls, the newest first.',
    next: 'A cursor: send it as `next` to get the next page. Absent on the last page.',
  }),
  Trace: described(wire.trace, {
    verdict: 'The result of the ring in one line, for people.',
    verdicts: 'The result for each callee.',
    trace: 'What happened, in order of time.',
  }),
  SessionAnswer: described(sessions.sessionAnswer(), SESSION),
  JoinedSession: described(sessions.joinedSession(), {
    ...SESSION,
    credential: [
      'What the channel is joined with.',
      {
        appId: 'The Agora app.',
        channelName: 'The channel.',
        token: 'An AccessToken2 for this user account, with the right to publish.',
        userAccount: 'The user, as Agora knows them: a string account.',
        role: '`HOST` or `AUDIENCE`.',
        expiresAt: 'When the token expires. Ask for another one before that.',
      },
    ],
    callToken: 'A token for the rest of this call, for a phone that has only its wake token.',
  }),
  Taken: { schema: answers.taken },
  BlockList: described(answers.blockList, {
    blocks: [
      'The blocked users, the latest first.',
      { user_id: 'The blocked user.', created_at: 'Since when they are blocked.' },
    ],
  }),
  Preferences: described(answers.preferences, { do_not_disturb: DO_NOT_DISTURB }),
  ConnectAnswer: described(answers.connectAnswer, {
    me: [
      'The user of the token.',
      {
        id: 'The user’s id.',
        name: 'Their name, if the token says it.',
        ...words.IMAGE,
        online: 'Whether they have a WebSocket open.',
      },
    ],
    connection: ['The way to a WebSocket.', { url: 'Where to open it.' }],
    ice_servers: 'What an `RTCPeerConnection` takes as `iceServers`.',
    server_time: 'The time of the service.',
  }),
  IceServerList: described(answers.iceServerList, {
    ice_servers:
      'What an `RTCPeerConnection` takes as `iceServers`: STUN servers, and a TURN server if the deployment has one.',
  }),
  RoomConfig: described(answers.roomConfig, {
    ice_servers: 'What an `RTCPeerConnection` takes as `iceServers`.',
    ice_transport_policy: 'Which candidates may be used.',
    bundle_policy: 'How media are gathered before it is known what the other side can do.',
    rtcp_mux_policy: 'Whether RTCP has a port of its own.',
  }),
};
