// Made by `npm run docs` from openapi.json and asyncapi.json.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptedCall: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** A token for the rest of this call, valid for 4 hours: for a phone that has only its wake token. */
            call_token?: string;
            /** All members, the caller first. */
            members: components["schemas"]["Member"][];
        };
        AcceptRequest: {
            /** The callee’s session description. It is relayed to the caller when the accept succeeds. */
            answer?: components["schemas"]["Answer"];
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
            /** The ring that is meant: if it is not the member’s current one, the answer is `not_ringing` and nothing changes. */
            ring_id?: components["schemas"]["RingId"];
        };
        AcceptResponse: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** A token for the rest of this call, valid for 4 hours: for a phone that has only its wake token. */
            call_token?: string;
            /** The `id` of the frame that this answers. */
            id: components["schemas"]["FrameId"];
            /** All members, the caller first. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * Always `true`.
             */
            ok: true;
            /**
             * The type of the frame.
             */
            type: "response";
        };
        AddMembersRequest: {
            /** The users who join the call. */
            members: components["schemas"]["NewMember"][];
            /** Whether to ring at once. */
            ring?: boolean;
        };
        Answer: {
            /** The session description: at most 24 KiB. */
            sdp: string;
            /**
             * As the browser sets it.
             */
            type?: "answer";
        };
        AnsweredOn: {
            /** The id of its WebSocket. */
            connection_id?: string;
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: string;
        };
        AnswerRequest: {
            /** The session description: at most 24 KiB. */
            sdp: string;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /** The user whom the signal is for. If absent, every other member who takes part gets it. */
            target_user_id?: components["schemas"]["UserId"];
            /**
             * As the browser sets it.
             */
            type: "answer";
        };
        AnswerRoomEvent: {
            /** What they sent. */
            payload: {
                /** The session description: at most 24 KiB. */
                sdp: string;
                /** The user who sent it. */
                sender_id: string;
                /** Whom it is for; absent: everybody else in the room. */
                target_user_id?: components["schemas"]["UserId"] | null;
                /**
                 * The type of the description.
                 * @enum {string}
                 */
                type: "answer" | "pranswer";
            } & {
                [key: string]: unknown;
            };
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "answer";
        };
        AnswerRoomFrame: {
            /** It is relayed as it is. */
            payload: {
                /** The session description: at most 24 KiB. */
                sdp: string;
                /** Whom it is for; absent: everybody else in the room. */
                target_user_id?: components["schemas"]["UserId"] | null;
                /**
                 * The type of the description.
                 * @enum {string}
                 */
                type: "answer" | "pranswer";
            } & {
                [key: string]: unknown;
            };
            /** The room of this connection. */
            room_id: string;
            /** Ignored. */
            timestamp?: unknown;
            /**
             * What the frame is.
             */
            type: "answer";
        };
        ApnsAlertBody: {
            /** What iOS reads: the alert. */
            aps: {
                /** What the phone shows. */
                alert: {
                    /** The text. */
                    body?: string;
                    /** The arguments of that text. */
                    "loc-args"?: string[];
                    /** The key of the app’s own localised text, in place of `body`. */
                    "loc-key"?: string;
                    /** The title: the caller’s name, unless the operator has configured another. */
                    title?: string;
                    /** The arguments of that title. */
                    "title-loc-args"?: string[];
                    /** The key of the app’s own localised title, in place of `title`. */
                    "title-loc-key"?: string;
                };
                /**
                 * The sound of the alert; absent if the user does not want to be disturbed.
                 */
                sound?: "default";
                /** The cid, so that the phone groups the alerts of one call. */
                "thread-id": string;
            };
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** The caller’s user id. */
            created_by_id: string;
            /** The address of the caller’s picture, if their token has one. */
            created_by_image?: string;
            /** The caller’s name, or the user id if no name is known. */
            created_by_name: string;
            /** In ms since 1970: until when the push is worth delivering. */
            expires_at: string;
            /** The user whom the push is for. An app in which somebody else is logged in ignores it. */
            receiver_id: string;
            /** The id of the ring that the push belongs to. */
            ring_id: string;
            /**
             * Always `carillon`: it tells these pushes from the app’s others.
             */
            sender: "carillon";
            /** When the push was made, in ms since 1970. */
            sent_at: string;
            /**
             * What happened: a call was missed.
             */
            type: "call.missed";
            /**
             * The version of this push format.
             */
            version: "1";
            /**
             * Whether it is a video call.
             * @enum {string}
             */
            video: "true" | "false";
        };
        ApnsAlertRing: {
            /** What iOS reads: the alert. */
            aps: {
                /** What the phone shows. */
                alert: {
                    /** The text. */
                    body?: string;
                    /** The arguments of that text. */
                    "loc-args"?: string[];
                    /** The key of the app’s own localised text, in place of `body`. */
                    "loc-key"?: string;
                    /** The title: the caller’s name, unless the operator has configured another. */
                    title?: string;
                    /** The arguments of that title. */
                    "title-loc-args"?: string[];
                    /** The key of the app’s own localised title, in place of `title`. */
                    "title-loc-key"?: string;
                };
                /**
                 * Makes iOS pass the alert to the app’s notification service extension.
                 */
                "mutable-content": 1;
                /**
                 * The sound of the alert; absent if the user does not want to be disturbed.
                 */
                sound?: "default";
                /** The cid, so that the phone groups the alerts of one call. */
                "thread-id": string;
            };
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** The caller’s user id. */
            created_by_id: string;
            /** The caller’s name, or the user id if no name is known. */
            created_by_name: string;
            /** In ms since 1970. From then on the app must not ring, no matter when the push arrives. */
            expires_at: string;
            /** The user whom the push is for. An app in which somebody else is logged in ignores it. */
            receiver_id: string;
            /** The id of the ring that the push belongs to. */
            ring_id: string;
            /**
             * Always `carillon`: it tells these pushes from the app’s others.
             */
            sender: "carillon";
            /** When the push was made, in ms since 1970. */
            sent_at: string;
            /**
             * What the app has to do: ring.
             */
            type: "call.ring";
            /**
             * The version of this push format.
             */
            version: "1";
            /**
             * Whether it is a video call.
             * @enum {string}
             */
            video: "true" | "false";
            /** A bearer token for this call and handset, valid until 10 minutes after the end of the ring. */
            wake_token: string;
        };
        ApnsVoipBody: {
            /** Always empty: a VoIP push shows nothing by itself. */
            aps: Record<string, never>;
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** The caller’s user id. */
            created_by_id: string;
            /** The address of the caller’s picture, if their token has one. */
            created_by_image?: string;
            /** The caller’s name, or the user id if no name is known. */
            created_by_name: string;
            /** In ms since 1970. From then on the app must not ring, no matter when the push arrives. */
            expires_at: string;
            /** The user whom the push is for. An app in which somebody else is logged in ignores it. */
            receiver_id: string;
            /** The id of the ring that the push belongs to. */
            ring_id: string;
            /**
             * Always `carillon`: it tells these pushes from the app’s others.
             */
            sender: "carillon";
            /** When the push was made, in ms since 1970. */
            sent_at: string;
            /**
             * What the app has to do: ring.
             */
            type: "call.ring";
            /**
             * The version of this push format.
             */
            version: "1";
            /**
             * Whether it is a video call.
             * @enum {string}
             */
            video: "true" | "false";
            /** A bearer token for this call and handset, valid until 10 minutes after the end of the ring. */
            wake_token: string;
        };
        BlockList: {
            /** The blocked users, the latest first. */
            blocks: {
                /** Since when they are blocked. */
                created_at: components["schemas"]["Moment"];
                /** The blocked user. */
                user_id: string;
            }[];
        };
        Call: {
            /** When somebody first answered. */
            accepted_at?: components["schemas"]["Moment"];
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** `<call type>:<call id>`. */
            cid: string;
            /** When the call was created. */
            created_at: components["schemas"]["Moment"];
            /** The caller. */
            created_by: components["schemas"]["Person"];
            /** The app’s own data: at most 2 KiB of JSON. */
            custom: {
                [key: string]: unknown;
            };
            /** When the call ended. */
            ended_at?: components["schemas"]["Moment"];
            /** The user who ended it; absent if a timer did. */
            ended_by?: string;
            /**
             * How the call ended.
             * @enum {string}
             */
            ended_reason?: "completed" | "rejected" | "cancelled" | "missed" | "failed";
            /** The id of the call. */
            id: string;
            /** When the ring ends. From then on the call is missed, even if no event has said so yet. */
            ring_expires_at?: components["schemas"]["Moment"];
            /** When it first rang. */
            ring_started_at?: components["schemas"]["Moment"];
            /**
             * The state of the call.
             * @enum {string}
             */
            status: "created" | "ringing" | "active" | "ended";
            /** The kind of call: `default`, or any name that the app chooses. */
            type: string;
            /** Grows with every change of the call: the higher of two is the newer. */
            version: number;
            /** Whether it is a video call. */
            video: boolean;
        };
        CallAcceptCommand: {
            /** The callee’s session description. It is relayed to the caller when the accept succeeds. */
            answer?: components["schemas"]["Answer"];
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /** The ring that is meant: if it is not the member’s current one, the answer is `not_ringing` and nothing changes. */
            ring_id?: components["schemas"]["RingId"];
            /**
             * The type of the frame.
             */
            type: "call.accept";
        };
        CallAcceptedBackendEvent: {
            /** The user who answered. */
            answered_by: {
                /** The user. */
                user_id: string;
            };
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /**
             * What happened.
             */
            type: "call.accepted";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallAcceptedEvent: {
            /** The user who answered. */
            answered_by: {
                /** The user. */
                user_id: string;
            };
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * The type of the frame.
             */
            type: "call.accepted";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        CallActiveEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /** Whether `call.resume` goes on with the call here: the handset in the call is not connected, or it is this one, whose app was started anew. */
            resumable: boolean;
            /**
             * The type of the frame.
             */
            type: "call.active";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        CallCancelCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /**
             * The type of the frame.
             */
            type: "call.cancel";
        };
        CallCancelledBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /**
             * `replaced` if the caller rang again instead; else absent.
             */
            reason?: "replaced";
            /**
             * What happened.
             */
            type: "call.cancelled";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallCancelledEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * `replaced` if the caller rang again instead; else absent.
             */
            reason?: "replaced";
            /**
             * The type of the frame.
             */
            type: "call.cancelled";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        /**
         * `<call type>:<call id>`.
         * @example default:demo-1
         */
        CallCid: string;
        CallCreatedBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /**
             * What happened.
             */
            type: "call.created";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallEndCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /**
             * The type of the frame.
             */
            type: "call.end";
        };
        CallEndedBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /** How the call ended; `replaced` if one of the two rang the other again instead. */
            reason: ("completed" | "rejected" | "cancelled" | "missed" | "failed") | "replaced";
            /** The call from its beginning to its end. */
            record: components["schemas"]["CallRecord"];
            /**
             * What happened.
             */
            type: "call.ended";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallEndedEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /** How the call ended; `replaced` if one of the two rang the other again instead. */
            reason: ("completed" | "rejected" | "cancelled" | "missed" | "failed") | "replaced";
            /**
             * The type of the frame.
             */
            type: "call.ended";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        /**
         * The id of the call. The app chooses it, and uses it only once.
         * @example demo-1
         */
        CallId: string;
        CallLeaveCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /**
             * The type of the frame.
             */
            type: "call.leave";
        };
        CallMemberAddedBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /**
             * What happened.
             */
            type: "call.member_added";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The new member. */
            user_id: string;
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallMemberAddedEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * The type of the frame.
             */
            type: "call.member_added";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The new member. */
            user_id: string;
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        CallMemberLeftBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /**
             * What happened.
             */
            type: "call.member_left";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The member who left. */
            user_id: string;
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallMemberLeftEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * The type of the frame.
             */
            type: "call.member_left";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The member who left. */
            user_id: string;
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        CallMissedBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** The users who have missed the call. */
            callees: string[];
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /**
             * What happened.
             */
            type: "call.missed";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallMissedEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * The type of the frame.
             */
            type: "call.missed";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        CallPage: {
            /** The calls, the newest first. */
            calls: components["schemas"]["CallResource"][];
            /** A cursor: send it as `next` to get the next page. Absent on the last page. */
            next?: string;
        };
        CallRecord: {
            /** When somebody first answered. */
            accepted_at?: components["schemas"]["Moment"];
            /** All callees. */
            callees: components["schemas"]["RecordedCallee"][];
            /** When the call was created. */
            created_at: components["schemas"]["Moment"];
            /** The caller. */
            created_by: components["schemas"]["Person"];
            /** When it ended. */
            ended_at?: components["schemas"]["Moment"];
            /** The user who ended it; absent if a timer did. */
            ended_by?: string;
            /**
             * How it ended.
             * @enum {string}
             */
            ended_reason?: "completed" | "rejected" | "cancelled" | "missed" | "failed";
            /** When it first rang. */
            ring_started_at?: components["schemas"]["Moment"];
            /** From the first answer to the end, in seconds; 0 if nobody answered. */
            talk_s: number;
        };
        CallRejectCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /** Why: `decline`, `busy`, `cancel` or the app’s own text, which counts as a decline. If the caller rejects, the call is cancelled. */
            reason?: string;
            /** The ring that is meant: if it is not the member’s current one, the answer is `not_ringing` and nothing changes. */
            ring_id?: components["schemas"]["RingId"];
            /**
             * The type of the frame.
             */
            type: "call.reject";
        };
        CallRejectedBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /** Why: `decline`, `busy` or the app’s own text. */
            reason: string;
            /**
             * What happened.
             */
            type: "call.rejected";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The user who declined. */
            user_id: string;
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        CallRejectedEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /** Why: `decline`, `busy`, `cancel` or the app’s own text. */
            reason: string;
            /**
             * The type of the frame.
             */
            type: "call.rejected";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
        };
        CallResource: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** All members, the caller first. */
            members: components["schemas"]["Member"][];
        };
        CallResponse: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** The `id` of the frame that this answers. */
            id: components["schemas"]["FrameId"];
            /** All members, the caller first. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * Always `true`.
             */
            ok: true;
            /**
             * The type of the frame.
             */
            type: "response";
        };
        CallResumeCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /**
             * The type of the frame.
             */
            type: "call.resume";
        };
        CallRingBackendEvent: {
            /** The call after the change. */
            call: components["schemas"]["ReportedCall"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** The users who are rung. */
            callees: string[];
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** When the ring ends. */
            expires_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit. */
            members_omitted?: number;
            /** The id of this ring. A request that repeats the id of an earlier ring rings nobody again. */
            ring_id: string;
            /**
             * What happened.
             */
            type: "call.ring";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
            /** Whether it is a video call. */
            video: boolean;
        };
        CallRingCommand: {
            /** The id of the call. */
            call_id: components["schemas"]["CallId"];
            /**
             * The type of the call.
             * @default default
             */
            call_type?: components["schemas"]["CallType"];
            /** The app’s own data: at most 2 KiB of JSON. */
            custom?: components["schemas"]["Custom"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /** The users to call: 2 to 100 with the caller, who may be left out. Required to create a call. */
            members?: components["schemas"]["NewMember"][];
            /** The caller’s session description. It is kept for a phone that has to wake first. */
            offer?: components["schemas"]["Offer"];
            /** How this call rings, if that differs from the settings of the deployment. */
            settings_override?: components["schemas"]["SettingsOverride"];
            /**
             * The type of the frame.
             */
            type: "call.ring";
            /** Whether it is a video call. */
            video?: boolean;
        };
        CallRingEvent: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** When the ring ends. */
            expires_at: components["schemas"]["Moment"];
            /** The members of the call; if it has more than 10, only those that changed. */
            members: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /** The id of this ring. A request that repeats the id of an earlier ring rings nobody again. */
            ring_id: string;
            /**
             * The type of the frame.
             */
            type: "call.ring";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The `version` of the call: of two events the higher one is the newer. */
            version: number;
            /** Whether it is a video call. */
            video: boolean;
        };
        CallRingingCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /**
             * The type of the frame.
             */
            type: "call.ringing";
        };
        CallRingingEvent: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /**
             * The type of the frame.
             */
            type: "call.ringing";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
        };
        /**
         * The kind of call: `default`, or any name that the app chooses.
         * @example default
         */
        CallType: string;
        CallUnreachableEvent: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /**
             * Why no device of the callee can ring.
             * @enum {string}
             */
            reason: "no_devices" | "all_tokens_dead" | "push_rejected";
            /**
             * The type of the frame.
             */
            type: "call.unreachable";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** The callee. */
            user_id: string;
        };
        Candidate: {
            /** An ICE candidate. If it is empty or null, there are no more. */
            candidate: string | null;
            /** As the browser sets it. */
            sdpMid?: string | null;
            /** As the browser sets it. */
            sdpMLineIndex?: number | null;
            /** As the browser sets it. */
            usernameFragment?: string | null;
        };
        Checkup: {
            /** When it ran. Absent if it never did. */
            at?: components["schemas"]["Moment"];
            /** The name of whoever ran it, if their token says one. */
            by?: string;
            /** The findings; none if it has never run. */
            findings: {
                /** What was checked. */
                about: string;
                /** How it is, and what to do, in words. */
                says: string;
                /**
                 * `good`, `note` for something to know, or `fix` for something to fix.
                 * @enum {string}
                 */
                state: "good" | "note" | "fix";
            }[];
        };
        ConnectAnswer: {
            /** The way to a WebSocket. */
            connection: {
                /** Where to open it. */
                url: string;
            };
            /** What an `RTCPeerConnection` takes as `iceServers`. */
            ice_servers: components["schemas"]["IceServer"][];
            /** The user of the token. */
            me: {
                /** The user’s id. */
                id: string;
                /** The address of the user’s picture, if their token has one. */
                image?: string;
                /** Their name, if the token says it. */
                name?: string;
                /** Whether they have a WebSocket open. */
                online: boolean;
            };
            /** The time of the service. */
            server_time: components["schemas"]["Moment"];
        };
        ConnectionReplacedEvent: {
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /**
             * The type of the frame.
             */
            type: "connection.replaced";
        };
        CreateCallRequest: {
            /** What the app wants to keep with the call. */
            data?: {
                /** The user of the token; with a server token the user who creates the call. */
                created_by_id?: components["schemas"]["UserId"];
                /** The app’s own data: at most 2 KiB of JSON. */
                custom?: components["schemas"]["Custom"];
            };
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
            /** The users to call: 2 to 100 with the caller, who may be left out. Required to create a call. */
            members?: components["schemas"]["NewMember"][];
            /** The caller’s session description. It is kept for a phone that has to wake first. */
            offer?: components["schemas"]["Offer"];
            /** Whether to ring at once. */
            ring?: boolean;
            /** How this call rings, if that differs from the settings of the deployment. */
            settings_override?: components["schemas"]["SettingsOverride"];
            /** Whether it is a video call. */
            video?: boolean;
        };
        CreatedCall: {
            /** The call. */
            call: components["schemas"]["Call"];
            /** The operator’s token for this call, valid for 4 hours; only with an operator token. */
            call_token?: string;
            /** Whether this request created the call. */
            created: boolean;
            /** All members, the caller first. */
            members: components["schemas"]["Member"][];
        };
        CreateSessionRequest: {
            /**
             * `VIDEO`, which it is if absent, or `AUDIO`.
             * @default VIDEO
             * @enum {string}
             */
            callType?: "VIDEO" | "AUDIO";
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
            /** The user to ring. */
            recipientId: components["schemas"]["UserId"];
        };
        /**
         * The app’s own data: at most 2 KiB of JSON.
         * @example {
         *       "topic": "lunch"
         *     }
         */
        Custom: {
            [key: string]: unknown;
        };
        DeliveryPage: {
            /** The deliveries, those of the newest events first. */
            deliveries: {
                /** How many tries there were, without replays. */
                attempt: number;
                /** The call that the event is about. */
                call_cid?: string;
                /** When the event came about. */
                created_at: components["schemas"]["Moment"];
                /** Why the last try failed: `status <http status>`, `timed_out`, `unreachable`, `private_address` or `not_sent`. */
                fault?: string;
                /** The host of the webhook. */
                host: string;
                /** What the webhook answered to the last try. */
                http_status?: number;
                /** What names it here. */
                id: string;
                /** When it is tried again by itself. Absent of one that was given up: it is a dead letter. */
                retry_at?: components["schemas"]["Moment"];
                /**
                 * `delivered`, or `failed` as long as no try was taken.
                 * @enum {string}
                 */
                status: "delivered" | "failed";
                /** When it was tried last. */
                tried_at: components["schemas"]["Moment"];
                /** The type of the event. */
                type: string;
                /** The webhook, as `npm run webhooks -- list` shows it. */
                webhook: string;
                /** The `webhook-id`: the id of the event, the same at every try. */
                webhook_id: string;
            }[];
            /** Whether the stage has events, without which there are no webhooks. */
            enabled: boolean;
            /** A cursor: send it as `next` to get the next page. Absent on the last page. */
            next?: string;
        };
        Device: {
            /** The version of the app, as the app names it. */
            app_version?: string;
            /** When it was first registered. */
            created_at: components["schemas"]["Moment"];
            /** There if the last push failed although the token may be good. */
            failing?: {
                /** Why it failed. */
                reason: string;
                /** Since when. */
                since: components["schemas"]["Moment"];
            };
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: string;
            /** The push token; for Web Push the endpoint of the subscription. */
            id: string;
            /**
             * What `id` is: an FCM registration token (`token`) or an FCM installation id (`fid`). `token` for a new device, unless said otherwise.
             * @enum {string}
             */
            id_type: "token" | "fid";
            /**
             * The push service: FCM (`firebase`), APNs (`apn`) or Web Push (`webpush`).
             * @enum {string}
             */
            push_provider: "firebase" | "apn" | "webpush";
            /** Which of the credentials in the deployment’s configuration pushes to it. `default` for a new device, unless said otherwise. */
            push_provider_name: string;
            /** Whether it is the APNs token of a development build. `false` for a new device, unless said otherwise. */
            sandbox: boolean;
            /** When it was last registered. */
            updated_at: components["schemas"]["Moment"];
            /** The user whose device it is. */
            user_id: string;
            /** Whether it is a PushKit token, which rings by VoIP pushes. `false` for a new device, unless said otherwise. An ordinary APNs token gets the missed-call alert, and rings only if its push provider rings by alerts. */
            voip_token: boolean;
        };
        DeviceList: {
            /** The devices, the newest first. */
            devices: components["schemas"]["Device"][];
        };
        DeviceRegisteredBackendEvent: {
            /** The version of the app on it. */
            app_version?: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The end of the push token, never all of it. */
            device: string;
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: string;
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /**
             * The push service.
             * @enum {string}
             */
            provider: "firebase" | "apn" | "webpush";
            /** The configured push provider. */
            provider_name: string;
            /** Whether it is the APNs token of a development build. */
            sandbox: boolean;
            /**
             * What happened.
             */
            type: "device.registered";
            /** The user whose device it is. */
            user_id: string;
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
            /** Whether it is a PushKit token. */
            voip_token: boolean;
        };
        DeviceRemovedBackendEvent: {
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The end of the push token, never all of it. */
            device: string;
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: string;
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /**
             * The push service.
             * @enum {string}
             */
            provider: "firebase" | "apn" | "webpush";
            /** The configured push provider. */
            provider_name: string;
            /** Why: `removed`, `signed_out`, `moved_to_another_user`, `too_many_devices`, or the verdict of its push service. */
            reason: string;
            /** Whether it is the APNs token of a development build. */
            sandbox: boolean;
            /**
             * What happened.
             */
            type: "device.removed";
            /** The user whose device it is. */
            user_id: string;
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
            /** Whether it is a PushKit token. */
            voip_token: boolean;
        };
        Document: {
            [key: string]: unknown;
        };
        /**
         * What went wrong. Codes are stable, so that programs can rely on them.
         * @enum {string}
         */
        ErrorCode: "invalid_json" | "validation_failed" | "unknown_type" | "too_many_members" | "unauthenticated" | "not_allowed" | "not_a_member" | "not_found" | "call_ended" | "already_answered" | "not_ringing" | "glare" | "payload_too_large" | "rate_limited" | "internal" | "contended" | "media_not_configured";
        ErrorFrame: {
            /** The call as it is now; only with `call_ended` and `glare`. */
            call?: components["schemas"]["Call"];
            /** What went wrong. */
            error: {
                /** What went wrong, for programs. */
                code: components["schemas"]["ErrorCode"];
                /** Each fault of the request. */
                errors?: components["schemas"]["FieldError"][];
                /** What went wrong, for people. */
                message: string;
                /**
                 * Format: uuid
                 * Finds the log line of an `internal` error.
                 */
                request_id?: string;
                /** After how many seconds to try again; only with `rate_limited`. */
                retry_after_s?: number;
            };
            /** The `type` of the frame that was refused. */
            for?: string;
            /** The `id` of the frame that was refused, if it had one. */
            id?: components["schemas"]["FrameId"];
            /** The members of `call`. */
            members?: components["schemas"]["Member"][];
            /** How many members did not fit into the frame. A GET shows all of them. */
            members_omitted?: number;
            /**
             * The type of the frame.
             */
            type: "error";
        };
        ErrorRoomEvent: {
            /** What is wrong. */
            payload: {
                /**
                 * For programs.
                 * @enum {string}
                 */
                code: "invalid_json" | "validation_failed" | "unknown_type" | "too_many_members" | "unauthenticated" | "not_allowed" | "not_a_member" | "not_found" | "call_ended" | "already_answered" | "not_ringing" | "glare" | "payload_too_large" | "rate_limited" | "internal" | "contended" | "media_not_configured";
                /** In words. */
                message: string;
            };
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "error";
        };
        FieldError: {
            /** What is wrong with it, for people. */
            message: string;
            /** The dotted path of the field, such as `members.1.user_id`. */
            path: string;
        };
        /**
         * Chosen by the client; the answer carries the same `id`.
         * @example c1
         */
        FrameId: string | number;
        GatewayRefusal: {
            /** What went wrong, for people. */
            message: string;
        };
        HandsetRequest: {
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
        };
        /**
         * A stable id of the handset.
         * @example bobs-pixel
         */
        HardwareId: string;
        Health: {
            /**
             * Always `ok`.
             */
            status: "ok";
            /** The version of the service. */
            version: string;
        };
        IceCandidateCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** An ICE candidate. If it is empty or null, there are no more. */
            candidate?: string | null;
            /** Several candidates at once. If an entry is empty or null, there are no more. An empty list does nothing. */
            candidates?: (components["schemas"]["Candidate"] | "" | null)[];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /** As the browser sets it. */
            sdpMid?: string | null;
            /** As the browser sets it. */
            sdpMLineIndex?: number | null;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /** The user whom the signal is for. If absent, every other member who takes part gets it. */
            target_user_id?: components["schemas"]["UserId"];
            /**
             * The type of the frame.
             */
            type: "ice.candidate";
            /** As the browser sets it. */
            usernameFragment?: string | null;
        };
        IceCandidateEvent: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** An ICE candidate. If it is empty or null, there are no more. */
            candidate?: string | null;
            /** Several candidates at once. If an entry is empty or null, there are no more. An empty list does nothing. */
            candidates?: (components["schemas"]["Candidate"] | "" | null)[];
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The user who sent it. */
            from_user_id: string;
            /** As the browser sets it. */
            sdpMid?: string | null;
            /** As the browser sets it. */
            sdpMLineIndex?: number | null;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /**
             * The type of the frame.
             */
            type: "ice.candidate";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
            /** As the browser sets it. */
            usernameFragment?: string | null;
        };
        IceCandidateRoomEvent: {
            /** What they sent. */
            payload: {
                /** The candidate; empty or null: there are no more. */
                candidate: string | null;
                /** The same, by its number. */
                sdp_m_line_index?: number | null;
                /** The media section that it belongs to, by its name. */
                sdp_mid?: string | null;
                /** The user who sent it. */
                sender_id: string;
                /** Whom it is for; absent: everybody else in the room. */
                target_user_id?: components["schemas"]["UserId"] | null;
            } & {
                [key: string]: unknown;
            };
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "ice_candidate";
        };
        IceCandidateRoomFrame: {
            /** It is relayed as it is. */
            payload: {
                /** The candidate; empty or null: there are no more. */
                candidate: string | null;
                /** The same, by its number. */
                sdp_m_line_index?: number | null;
                /** The media section that it belongs to, by its name. */
                sdp_mid?: string | null;
                /** Whom it is for; absent: everybody else in the room. */
                target_user_id?: components["schemas"]["UserId"] | null;
            } & {
                [key: string]: unknown;
            };
            /** The room of this connection. */
            room_id: string;
            /** Ignored. */
            timestamp?: unknown;
            /**
             * What the frame is.
             */
            type: "ice_candidate";
        };
        IceRequest: {
            /** An ICE candidate. If it is empty or null, there are no more. */
            candidate?: string | null;
            /** Several candidates at once. If an entry is empty or null, there are no more. An empty list does nothing. */
            candidates?: (components["schemas"]["Candidate"] | "" | null)[];
            /** As the browser sets it. */
            sdpMid?: string | null;
            /** As the browser sets it. */
            sdpMLineIndex?: number | null;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /** The user whom the signal is for. If absent, every other member who takes part gets it. */
            target_user_id?: components["schemas"]["UserId"];
            /** As the browser sets it. */
            usernameFragment?: string | null;
        };
        IceServer: {
            /** The password for the TURN server, valid for one hour. */
            credential?: string;
            /** The `stun:` and `turn:` URLs of the server. */
            urls: string[];
            /** The user name for the TURN server. */
            username?: string;
        };
        IceServerList: {
            /** What an `RTCPeerConnection` takes as `iceServers`: STUN servers, and a TURN server if the deployment has one. */
            ice_servers: components["schemas"]["IceServer"][];
        };
        JoinedSession: {
            /** A token for the rest of this call, for a phone that has only its wake token. */
            callToken?: string;
            /** What the channel is joined with. */
            credential: {
                /** The Agora app. */
                appId: string;
                /** The channel. */
                channelName: string;
                /** When the token expires. Ask for another one before that. */
                expiresAt: components["schemas"]["Moment"];
                /**
                 * `HOST` or `AUDIENCE`.
                 * @enum {string}
                 */
                role: "HOST" | "AUDIENCE";
                /** An AccessToken2 for this user account, with the right to publish. */
                token: string;
                /** The user, as Agora knows them: a string account. */
                userAccount: string;
            };
            /** The session. */
            session: {
                /** When it was answered. */
                answeredAt?: components["schemas"]["Moment"];
                /**
                 * `VIDEO` or `AUDIO`.
                 * @enum {string}
                 */
                callType: "VIDEO" | "AUDIO";
                /** The Agora channel. */
                channelName: string;
                /** When it was started. */
                createdAt: components["schemas"]["Moment"];
                /** When it ended. */
                endedAt?: components["schemas"]["Moment"];
                /** Its id. */
                id: string;
                /** Who started it. */
                initiatorId: string;
                /** Who is rung. */
                recipientId: string;
                /**
                 * `INITIATED` until it is answered, `RINGING` in the answer to the recipient’s first token, `ACTIVE`, and at the end `ENDED`, `REJECTED`, `MISSED` or `CANCELLED`.
                 * @enum {string}
                 */
                status: "INITIATED" | "RINGING" | "ACTIVE" | "ENDED" | "REJECTED" | "MISSED" | "CANCELLED";
            };
        };
        KeepAliveRoomEvent: {
            /** Empty. */
            payload: Record<string, never>;
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "keep_alive";
        };
        KeepCheckupRequest: {
            /** What the doctor found: at most 200 findings. */
            findings: {
                /** What was checked. */
                about: string;
                /** How it is, and what to do, in words. */
                says: string;
                /**
                 * `good`, `note` for something to know, or `fix` for something to fix.
                 * @enum {string}
                 */
                state: "good" | "note" | "fix";
            }[];
        };
        LeaveRequest: {
            /** Whether to end the call for everybody. */
            end_call?: boolean;
            /** The same as `end_call`. */
            endCall?: boolean;
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
        };
        Member: {
            /** The phone that the member answered on. Only this member and server tokens see it. */
            answered_on?: components["schemas"]["AnsweredOn"];
            /** Why the member is in that state. */
            reason?: string;
            /** When the ring of this member ends. From then on they have missed it, even if no event has said so yet. */
            ring_expires_at?: components["schemas"]["Moment"];
            /** The id of this ring. A request that repeats the id of an earlier ring rings nobody again. */
            ring_id?: string;
            /**
             * `admin` is the user who created the call.
             * @enum {string}
             */
            role: "admin" | "user";
            /**
             * The state of the member.
             * @enum {string}
             */
            state: "joined" | "invited" | "ringing" | "accepted" | "rejected" | "busy" | "missed" | "left";
            /** The user. */
            user_id: string;
        };
        MintedToken: {
            /** Always `carillon`, for clients that expect a key. */
            apiKey: string;
            /** When the token expires, in seconds since 1970. */
            expiresAt: number;
            /** The login token: a JWT. */
            token: string;
            /** The user’s id. */
            userId: string;
        };
        MintTokenRequest: {
            /** The user’s name. */
            name?: string;
            /** The user’s id. */
            userId: string;
        };
        MissedPush: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** The caller’s user id. */
            created_by_id: string;
            /** The address of the caller’s picture, if their token has one. */
            created_by_image?: string;
            /** The caller’s name, or the user id if no name is known. */
            created_by_name: string;
            /** In ms since 1970: until when the push is worth delivering. */
            expires_at: string;
            /** The user whom the push is for. An app in which somebody else is logged in ignores it. */
            receiver_id: string;
            /** The id of the ring that the push belongs to. */
            ring_id: string;
            /**
             * Always `carillon`: it tells these pushes from the app’s others.
             */
            sender: "carillon";
            /** When the push was made, in ms since 1970. */
            sent_at: string;
            /**
             * What happened: a call was missed.
             */
            type: "call.missed";
            /**
             * The version of this push format.
             */
            version: "1";
            /**
             * Whether it is a video call.
             * @enum {string}
             */
            video: "true" | "false";
        };
        /**
         * Format: date-time
         * ISO 8601, UTC, with milliseconds.
         * @example 2026-11-20T10:35:00.000Z
         */
        Moment: string;
        NewMember: {
            /**
             * `admin` is the user who created the call.
             * @enum {string}
             */
            role?: "admin" | "user";
            /** The user. */
            user_id: components["schemas"]["UserId"];
        };
        Offer: {
            /** The session description: at most 24 KiB. */
            sdp: string;
            /**
             * As the browser sets it.
             */
            type?: "offer";
        };
        OfferRequest: {
            /** The session description: at most 24 KiB. */
            sdp: string;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /** The user whom the signal is for. If absent, every other member who takes part gets it. */
            target_user_id?: components["schemas"]["UserId"];
            /**
             * As the browser sets it.
             */
            type: "offer";
        };
        OfferRoomEvent: {
            /** What they sent. */
            payload: {
                /** The session description: at most 24 KiB. */
                sdp: string;
                /** The user who sent it. */
                sender_id: string;
                /** Whom it is for; absent: everybody else in the room. */
                target_user_id?: components["schemas"]["UserId"] | null;
                /**
                 * The type of the description.
                 */
                type: "offer";
            } & {
                [key: string]: unknown;
            };
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "offer";
        };
        OfferRoomFrame: {
            /** It is relayed as it is. */
            payload: {
                /** The session description: at most 24 KiB. */
                sdp: string;
                /** Whom it is for; absent: everybody else in the room. */
                target_user_id?: components["schemas"]["UserId"] | null;
                /**
                 * The type of the description.
                 */
                type: "offer";
            } & {
                [key: string]: unknown;
            };
            /** The room of this connection. */
            room_id: string;
            /** Ignored. */
            timestamp?: unknown;
            /**
             * What the frame is.
             */
            type: "offer";
        };
        Person: {
            /** The user id. */
            id: string;
            /** The address of the user’s picture, if their token has one. */
            image?: string;
            /** The user’s name. */
            name?: string;
        };
        PhoneOutcome: {
            /** The end of the push token. */
            device: string;
            /**
             * What became of the push that was to ring the phone: taken by the push service, refused since the token is dead, not taken, not sent, or unknown.
             * @enum {string}
             */
            outcome: "accepted" | "dead" | "failed" | "skipped" | "unknown";
            /** The push service. */
            provider: string;
        };
        PingCommand: {
            /**
             * The type of the frame.
             */
            type: "ping";
        };
        Pong: {
            /**
             * The type of the frame.
             */
            type: "pong";
        };
        Preferences: {
            /** Whether the user wants to be left alone: `true`, `false`, or `{"until"}` with the moment at which it ends. */
            do_not_disturb: boolean | {
                until: components["schemas"]["Moment"];
            };
        };
        PreferencesRequest: {
            /** Whether the user wants to be left alone: `true`, `false`, or `{"until"}` with the moment at which it ends. */
            do_not_disturb: boolean | {
                /** Format: date-time */
                until: string;
            };
        };
        Problem: {
            /** The call as it is now; only with `call_ended` and `glare`. */
            call?: components["schemas"]["Call"];
            /** What went wrong, for programs. */
            code: components["schemas"]["ErrorCode"];
            /** What went wrong, for people. */
            detail: string;
            /** The same as `detail`, for clients that read a plain `error`. */
            error: string;
            /** Each fault of the request. */
            errors?: components["schemas"]["FieldError"][];
            /** The members of `call`. */
            members?: components["schemas"]["Member"][];
            /** The same as `detail`, for clients of sessions; only under `/api/v1/calls`. */
            message?: string;
            /**
             * Why nobody is authenticated, for programs; only with `unauthenticated`.
             * @enum {string}
             */
            reason?: "missing" | "malformed" | "expired" | "not_yet_valid" | "bad_signature" | "unknown_key" | "wrong_audience" | "signed_out";
            /**
             * Format: uuid
             * Finds the log line of an `internal` error.
             */
            request_id?: string;
            /** The HTTP status. */
            status: number;
            /** The same as `status`, for clients of sessions; only under `/api/v1/calls`. */
            statusCode?: number;
            /** The code, in words. */
            title: string;
            /**
             * Always `about:blank`.
             */
            type: "about:blank";
        };
        PushProviderFailingBackendEvent: {
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The id of the event: if it comes again, it is the same. */
            id: string;
            /**
             * The push service.
             * @enum {string}
             */
            provider: "firebase" | "apn" | "webpush";
            /** The configured push provider. */
            provider_name: string;
            /** What the service said. */
            reason: string;
            /**
             * What happened.
             */
            type: "push.provider_failing";
            /** Grows with every event about the same call or device: of two the higher one is the newer. */
            version: number;
        };
        PushProviderList: {
            /** Those that are configured. */
            push_providers: {
                /** Its name: what a device gives as `push_provider_name`. */
                name: string;
                /** For `webpush`, the key that a browser subscribes with (`applicationServerKey`), as base64url. */
                public_key?: string;
                /**
                 * The push service: FCM (`firebase`), APNs (`apn`) or Web Push (`webpush`).
                 * @enum {string}
                 */
                push_provider: "firebase" | "apn" | "webpush";
            }[];
        };
        RecordedCallee: {
            /** Their phones. */
            phones: components["schemas"]["PhoneOutcome"][];
            /**
             * The state in which the call left them.
             * @enum {string}
             */
            state: "joined" | "invited" | "ringing" | "accepted" | "rejected" | "busy" | "missed" | "left";
            /** The user. */
            user_id: string;
        };
        RegisterDeviceRequest: {
            /** The version of the app, as the app names it. */
            app_version?: string;
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
            /** The push token; for Web Push the endpoint of the subscription. */
            id: string;
            /**
             * What `id` is: an FCM registration token (`token`) or an FCM installation id (`fid`). `token` for a new device, unless said otherwise.
             * @enum {string}
             */
            id_type?: "token" | "fid";
            /** The keys of a Web Push subscription; required for `webpush`. */
            keys?: {
                /** The authentication secret of the subscription. */
                auth: string;
                /** The public key of the subscription. */
                p256dh: string;
            };
            /**
             * The push service: FCM (`firebase`), APNs (`apn`) or Web Push (`webpush`).
             * @enum {string}
             */
            push_provider: "firebase" | "apn" | "webpush";
            /** Which of the credentials in the deployment’s configuration pushes to it. `default` for a new device, unless said otherwise. */
            push_provider_name?: string;
            /** Whether it is the APNs token of a development build. `false` for a new device, unless said otherwise. */
            sandbox?: boolean;
            /** The user whose device it is: the user of the token, or the one that a server token acts for. */
            user_id?: components["schemas"]["UserId"];
            /** Whether it is a PushKit token, which rings by VoIP pushes. `false` for a new device, unless said otherwise. An ordinary APNs token gets the missed-call alert, and rings only if its push provider rings by alerts. */
            voip_token?: boolean;
        };
        RegisteredDevice: {
            /** The device. */
            device: components["schemas"]["Device"];
        };
        RejectRequest: {
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
            /** Why: `decline`, `busy`, `cancel` or the app’s own text, which counts as a decline. If the caller rejects, the call is cancelled. */
            reason?: string;
            /** The ring that is meant: if it is not the member’s current one, the answer is `not_ringing` and nothing changes. */
            ring_id?: components["schemas"]["RingId"];
        };
        ReportedCall: {
            /** When somebody first answered. */
            accepted_at?: components["schemas"]["Moment"];
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** `<call type>:<call id>`. */
            cid: string;
            /** When the call was created. */
            created_at: components["schemas"]["Moment"];
            /** The caller. */
            created_by: components["schemas"]["Person"];
            /** When the call ended. */
            ended_at?: components["schemas"]["Moment"];
            /** The user who ended it; absent if a timer did. */
            ended_by?: string;
            /**
             * How the call ended.
             * @enum {string}
             */
            ended_reason?: "completed" | "rejected" | "cancelled" | "missed" | "failed";
            /** The id of the call. */
            id: string;
            /** When the ring ends. From then on the call is missed, even if no event has said so yet. */
            ring_expires_at?: components["schemas"]["Moment"];
            /** When it first rang. */
            ring_started_at?: components["schemas"]["Moment"];
            /**
             * The state of the call.
             * @enum {string}
             */
            status: "created" | "ringing" | "active" | "ended";
            /** The kind of call: `default`, or any name that the app chooses. */
            type: string;
            /** Grows with every change of the call: the higher of two is the newer. */
            version: number;
            /** Whether it is a video call. */
            video: boolean;
        };
        Response: {
            /** The `id` of the frame that this answers. */
            id: components["schemas"]["FrameId"];
            /**
             * Always `true`.
             */
            ok: true;
            /**
             * The type of the frame.
             */
            type: "response";
        };
        /**
         * The id of one ring of a call.
         * @example ring-1
         */
        RingId: string;
        RingPush: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** The caller’s user id. */
            created_by_id: string;
            /** The address of the caller’s picture, if their token has one. */
            created_by_image?: string;
            /** The caller’s name, or the user id if no name is known. */
            created_by_name: string;
            /** In ms since 1970. From then on the app must not ring, no matter when the push arrives. */
            expires_at: string;
            /** The user whom the push is for. An app in which somebody else is logged in ignores it. */
            receiver_id: string;
            /** The id of the ring that the push belongs to. */
            ring_id: string;
            /**
             * Always `carillon`: it tells these pushes from the app’s others.
             */
            sender: "carillon";
            /** When the push was made, in ms since 1970. */
            sent_at: string;
            /**
             * What the app has to do: ring.
             */
            type: "call.ring";
            /**
             * The version of this push format.
             */
            version: "1";
            /**
             * Whether it is a video call.
             * @enum {string}
             */
            video: "true" | "false";
            /** A bearer token for this call and handset, valid until 10 minutes after the end of the ring. */
            wake_token: string;
        };
        RingRequest: {
            /** The members to ring, even if they rejected, missed or left the call. Without it everybody who is still `invited` is rung. */
            member_ids?: components["schemas"]["UserId"][];
            /** The id of this ring. A request that repeats the id of an earlier ring rings nobody again. */
            ring_id?: components["schemas"]["RingId"];
        };
        RoomConfig: {
            /**
             * How media are gathered before it is known what the other side can do.
             */
            bundle_policy: "balanced";
            /** What an `RTCPeerConnection` takes as `iceServers`. */
            ice_servers: components["schemas"]["IceServer"][];
            /**
             * Which candidates may be used.
             */
            ice_transport_policy: "all";
            /**
             * Whether RTCP has a port of its own.
             */
            rtcp_mux_policy: "require";
        };
        RoomStateRoomEvent: {
            /** The room. */
            payload: {
                /** Everybody who is there. */
                participants: {
                    /** The user id. */
                    user_id: string;
                    /** Their name, or else their id. */
                    username: string;
                }[];
                /** The room. */
                room_id: string;
            };
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "room_state";
        };
        SdpAnswerCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /** The session description: at most 24 KiB. */
            sdp: string;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /** The user whom the signal is for. If absent, every other member who takes part gets it. */
            target_user_id?: components["schemas"]["UserId"];
            /**
             * The type of the frame.
             */
            type: "sdp.answer";
        };
        SdpAnswerEvent: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The user who sent it. */
            from_user_id: string;
            /** The session description. */
            sdp: string;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /**
             * The type of the frame.
             */
            type: "sdp.answer";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
        };
        SdpOfferCommand: {
            /** `<call type>:<call id>`. */
            call_cid: components["schemas"]["CallCid"];
            /** Chosen by the client; the answer carries the same `id`. Without one, only an error is answered. */
            id?: components["schemas"]["FrameId"];
            /** The session description: at most 24 KiB. */
            sdp: string;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /** The user whom the signal is for. If absent, every other member who takes part gets it. */
            target_user_id?: components["schemas"]["UserId"];
            /**
             * The type of the frame.
             */
            type: "sdp.offer";
        };
        SdpOfferEvent: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** The user who sent it. */
            from_user_id: string;
            /** The session description. */
            sdp: string;
            /** The sender’s own numbering of its signals in this call, from 1. Signals that wait for a phone are sorted by it. */
            seq?: number;
            /**
             * The type of the frame.
             */
            type: "sdp.offer";
            /** The user who caused it; absent if a timer did. */
            user?: components["schemas"]["Person"];
        };
        SessionAnswer: {
            /** The session. */
            session: {
                /** When it was answered. */
                answeredAt?: components["schemas"]["Moment"];
                /**
                 * `VIDEO` or `AUDIO`.
                 * @enum {string}
                 */
                callType: "VIDEO" | "AUDIO";
                /** The Agora channel. */
                channelName: string;
                /** When it was started. */
                createdAt: components["schemas"]["Moment"];
                /** When it ended. */
                endedAt?: components["schemas"]["Moment"];
                /** Its id. */
                id: string;
                /** Who started it. */
                initiatorId: string;
                /** Who is rung. */
                recipientId: string;
                /**
                 * `INITIATED` until it is answered, `RINGING` in the answer to the recipient’s first token, `ACTIVE`, and at the end `ENDED`, `REJECTED`, `MISSED` or `CANCELLED`.
                 * @enum {string}
                 */
                status: "INITIATED" | "RINGING" | "ACTIVE" | "ENDED" | "REJECTED" | "MISSED" | "CANCELLED";
            };
        };
        SessionRequest: {
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
        };
        SessionTokenRequest: {
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: components["schemas"]["HardwareId"];
            /**
             * What the answer repeats as the role: `HOST` or `AUDIENCE`. Either may publish.
             * @enum {string}
             */
            role?: "HOST" | "AUDIENCE";
        };
        SettingsOverride: {
            /** How this call rings. */
            ring?: {
                /** How long it rings, in ms; 45 000 by default. */
                auto_cancel_timeout_ms?: number;
                /**
                 * What happens to a callee who is in another call: `reject` reports them as busy, `ring` rings them anyway. It has an effect only in the request of a server token.
                 * @enum {string}
                 */
                busy?: "reject" | "ring";
            };
        };
        StageCallPage: {
            /** The calls, the newest first. */
            calls: {
                /** The call. */
                call: components["schemas"]["Call"];
                /** All members, the caller first. */
                members: components["schemas"]["Member"][];
                /** How its rings went, in one line. */
                verdict: string;
                /** The same for each callee. */
                verdicts: components["schemas"]["Verdict"][];
            }[];
            /** A cursor: send it as `next` to get the next page. Absent on the last page. */
            next?: string;
        };
        StopPush: {
            /** `<call type>:<call id>`. */
            call_cid: string;
            /** The id of the call. */
            call_id: string;
            /** The type of the call. */
            call_type: string;
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** The caller’s user id. */
            created_by_id: string;
            /** The address of the caller’s picture, if their token has one. */
            created_by_image?: string;
            /** The caller’s name, or the user id if no name is known. */
            created_by_name: string;
            /** In ms since 1970: until when the push is worth delivering. */
            expires_at: string;
            /**
             * `true` if this push is also the missed-call notice.
             */
            notify?: "true";
            /**
             * Why the ring ended; each `type` has its own reason, in the same order.
             * @enum {string}
             */
            reason: "answered_elsewhere" | "declined_elsewhere" | "cancelled" | "missed" | "ended";
            /** The user whom the push is for. An app in which somebody else is logged in ignores it. */
            receiver_id: string;
            /** The id of the ring that the push belongs to. */
            ring_id: string;
            /**
             * Always `carillon`: it tells these pushes from the app’s others.
             */
            sender: "carillon";
            /** When the push was made, in ms since 1970. */
            sent_at: string;
            /**
             * What ended the ring: the app has to stop ringing.
             * @enum {string}
             */
            type: "call.accepted" | "call.rejected" | "call.cancelled" | "call.missed" | "call.ended";
            /**
             * The version of this push format.
             */
            version: "1";
            /**
             * Whether it is a video call.
             * @enum {string}
             */
            video: "true" | "false";
        };
        StreamPush: {
            /** What has happened: the call rings, stops ringing, or was missed. */
            call_type: "call.ring" | ("call.accepted" | "call.rejected" | "call.cancelled" | "call.missed" | "call.ended");
            /**
             * Format: uuid
             * The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace.
             */
            call_uuid: string;
            /** The caller’s user id. */
            created_by_id: string;
            /** The caller’s name, or the user id if no name is known. */
            created_by_name: string;
            /** In ms since 1970. From then on the app must not ring, no matter when the push arrives. */
            expires_at: string;
            /**
             * `true` if this push is also the missed-call notice.
             */
            notify?: "true";
            /**
             * Why the phone has to stop ringing. Only in a stop.
             * @enum {string}
             */
            reason?: "answered_elsewhere" | "declined_elsewhere" | "cancelled" | "missed" | "ended";
            /** The user whom the push is for. An app in which somebody else is logged in ignores it. */
            receiver_id: string;
            /** The id of the ring that the push belongs to. */
            ring_id: string;
            /**
             * Always `stream_video`.
             */
            sender: "stream_video";
            /** When the push was made, in ms since 1970. */
            sent_at: string;
            /** `<call type>:<call id>`. */
            stream_call_cid: string;
            /** The id of the call. */
            stream_call_id: string;
            /** The type of the call. */
            stream_call_type: string;
            /**
             * The version of this push format.
             */
            version: "1";
            /**
             * Whether it is a video call.
             * @enum {string}
             */
            video: "true" | "false";
            /** A bearer token for this call and handset, valid until 10 minutes after the end of the ring. Only in a ring. */
            wake_token?: string;
        };
        Taken: Record<string, never>;
        Trace: {
            /** What happened, in order of time. */
            trace: components["schemas"]["TraceEvent"][];
            /** The result of the ring in one line, for people. */
            verdict: string;
            /** The result for each callee. */
            verdicts: components["schemas"]["Verdict"][];
        };
        TraceEvent: {
            /** When it happened. */
            at: components["schemas"]["Moment"];
            /** The number of the attempt, from 1. */
            attempt?: number;
            /** The id of the WebSocket. */
            connection_id?: string;
            /** The last 8 characters of the push token. Only the user of the device, and server and operator tokens see it. */
            device?: string;
            /** What happened. */
            event: string;
            /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
            hardware_id?: string;
            /** How long the push service took to answer, in ms. */
            latency_ms?: number;
            /** The push provider. */
            provider?: string;
            /** The id that the push service gave the message. */
            provider_message_id?: string;
            /** Why it happened. */
            reason?: string;
            /** How long until the next attempt, in ms. */
            retry_in_ms?: number;
            /** The ring that it is about. */
            ring_id?: string;
            /** The HTTP status of the push service’s answer; 0 if there was none. */
            status?: number;
            /** The type of the push or event that it is about. */
            type?: string;
            /** The user whom it is about. */
            user_id?: string;
        } & {
            [key: string]: string | number | boolean;
        };
        UserAnswer: {
            /** The user. */
            user: {
                /** Whom they have blocked. */
                blocks: {
                    /** Since when they are blocked. */
                    created_at: components["schemas"]["Moment"];
                    /** The blocked user. */
                    user_id: string;
                }[];
                /** Their open WebSockets, the latest first. */
                connections: {
                    /** When it was opened. */
                    connected_at: components["schemas"]["Moment"];
                    /** The id of the WebSocket. */
                    connection_id: string;
                    /**
                     * The wire language that it speaks.
                     * @enum {string}
                     */
                    dialect: "native" | "calls" | "video" | "sessions";
                    /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
                    hardware_id?: string;
                }[];
                /** How many there are. */
                counts: {
                    /** Blocked users. */
                    blocks: number;
                    /** Open WebSockets. */
                    connections: number;
                    /** Devices. */
                    devices: number;
                    /** Devices with `failing`. */
                    failing_devices: number;
                    /** Rings that they have started in this hour, where the stage limits them. */
                    rings_this_hour: number;
                    /** The same in this minute. */
                    rings_this_minute: number;
                };
                /** Their devices, the most recently registered first. */
                devices: components["schemas"]["Device"][];
                /** Their id. */
                id: string;
                /** The call that they are in, or that rings for them. */
                live_call?: components["schemas"]["CallResource"];
                /** What they have chosen. */
                preferences: components["schemas"]["Preferences"];
                /** Devices that have gone in the last 30 days, the latest first. */
                removed_devices: {
                    /** The last 8 characters of the push token. */
                    device: string;
                    /** A stable id of the handset: it ties the handset’s push tokens and WebSocket together. */
                    hardware_id?: string;
                    /**
                     * The push service: FCM (`firebase`), APNs (`apn`) or Web Push (`webpush`).
                     * @enum {string}
                     */
                    push_provider: "firebase" | "apn" | "webpush";
                    /** Which of the credentials in the deployment’s configuration pushed to it. */
                    push_provider_name: string;
                    /** Why it went: `moved_to_another_user`, `too_many_devices`, or what the push service said. */
                    reason: string;
                    /** When it went. */
                    removed_at: components["schemas"]["Moment"];
                    /** Whether it was the APNs token of a development build. */
                    sandbox: boolean;
                    /** When it was last registered. */
                    updated_at: components["schemas"]["Moment"];
                    /** Whether it was a PushKit token. */
                    voip_token: boolean;
                }[];
            };
        };
        UserConnectedEvent: {
            /** A token for the rest of this call, valid for 4 hours: for a phone that has only its wake token. */
            call_token?: string;
            /** The id of this WebSocket. */
            connection_id: string;
            /** When it happened. */
            created_at: components["schemas"]["Moment"];
            /** What an `RTCPeerConnection` takes as `iceServers`: STUN servers, and a TURN server if the deployment has one. */
            ice_servers: components["schemas"]["IceServer"][];
            /** The server’s clock. */
            server_time: components["schemas"]["Moment"];
            /**
             * The type of the frame.
             */
            type: "user.connected";
            /** The user who is connected. */
            user: {
                /** The user id. */
                id: string;
                /** The address of the user’s picture, if their token has one. */
                image?: string;
                /** The user’s name. */
                name?: string;
                /**
                 * Always `true`.
                 */
                online: true;
            };
        };
        /**
         * A user, by the app’s own id.
         * @example bob
         */
        UserId: string;
        UserJoinedRoomEvent: {
            /** Who it is. */
            payload: {
                /** The user id. */
                user_id: string;
                /** Their name, or else their id. */
                username: string;
            };
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "user_joined";
        };
        UserLeftRoomEvent: {
            /** Who it was. */
            payload: {
                /** The user id. */
                user_id: string;
                /** Their name, or else their id. */
                username: string;
            };
            /** The room of this connection. */
            room_id: string;
            /** When it was sent. */
            timestamp: components["schemas"]["Moment"];
            /**
             * What the frame is.
             */
            type: "user_left";
        };
        Verdict: {
            /** The callee. */
            user_id: string;
            /** The result of ringing this callee, for people. */
            verdict: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AcceptedCall = components['schemas']['AcceptedCall'];
export type AcceptRequest = components['schemas']['AcceptRequest'];
export type AcceptResponse = components['schemas']['AcceptResponse'];
export type AddMembersRequest = components['schemas']['AddMembersRequest'];
export type Answer = components['schemas']['Answer'];
export type AnsweredOn = components['schemas']['AnsweredOn'];
export type AnswerRequest = components['schemas']['AnswerRequest'];
export type AnswerRoomEvent = components['schemas']['AnswerRoomEvent'];
export type AnswerRoomFrame = components['schemas']['AnswerRoomFrame'];
export type ApnsAlertBody = components['schemas']['ApnsAlertBody'];
export type ApnsAlertRing = components['schemas']['ApnsAlertRing'];
export type ApnsVoipBody = components['schemas']['ApnsVoipBody'];
export type BlockList = components['schemas']['BlockList'];
export type Call = components['schemas']['Call'];
export type CallAcceptCommand = components['schemas']['CallAcceptCommand'];
export type CallAcceptedBackendEvent = components['schemas']['CallAcceptedBackendEvent'];
export type CallAcceptedEvent = components['schemas']['CallAcceptedEvent'];
export type CallActiveEvent = components['schemas']['CallActiveEvent'];
export type CallCancelCommand = components['schemas']['CallCancelCommand'];
export type CallCancelledBackendEvent = components['schemas']['CallCancelledBackendEvent'];
export type CallCancelledEvent = components['schemas']['CallCancelledEvent'];
export type CallCid = components['schemas']['CallCid'];
export type CallCreatedBackendEvent = components['schemas']['CallCreatedBackendEvent'];
export type CallEndCommand = components['schemas']['CallEndCommand'];
export type CallEndedBackendEvent = components['schemas']['CallEndedBackendEvent'];
export type CallEndedEvent = components['schemas']['CallEndedEvent'];
export type CallId = components['schemas']['CallId'];
export type CallLeaveCommand = components['schemas']['CallLeaveCommand'];
export type CallMemberAddedBackendEvent = components['schemas']['CallMemberAddedBackendEvent'];
export type CallMemberAddedEvent = components['schemas']['CallMemberAddedEvent'];
export type CallMemberLeftBackendEvent = components['schemas']['CallMemberLeftBackendEvent'];
export type CallMemberLeftEvent = components['schemas']['CallMemberLeftEvent'];
export type CallMissedBackendEvent = components['schemas']['CallMissedBackendEvent'];
export type CallMissedEvent = components['schemas']['CallMissedEvent'];
export type CallPage = components['schemas']['CallPage'];
export type CallRecord = components['schemas']['CallRecord'];
export type CallRejectCommand = components['schemas']['CallRejectCommand'];
export type CallRejectedBackendEvent = components['schemas']['CallRejectedBackendEvent'];
export type CallRejectedEvent = components['schemas']['CallRejectedEvent'];
export type CallResource = components['schemas']['CallResource'];
export type CallResponse = components['schemas']['CallResponse'];
export type CallResumeCommand = components['schemas']['CallResumeCommand'];
export type CallRingBackendEvent = components['schemas']['CallRingBackendEvent'];
export type CallRingCommand = components['schemas']['CallRingCommand'];
export type CallRingEvent = components['schemas']['CallRingEvent'];
export type CallRingingCommand = components['schemas']['CallRingingCommand'];
export type CallRingingEvent = components['schemas']['CallRingingEvent'];
export type CallType = components['schemas']['CallType'];
export type CallUnreachableEvent = components['schemas']['CallUnreachableEvent'];
export type Candidate = components['schemas']['Candidate'];
export type Checkup = components['schemas']['Checkup'];
export type ConnectAnswer = components['schemas']['ConnectAnswer'];
export type ConnectionReplacedEvent = components['schemas']['ConnectionReplacedEvent'];
export type CreateCallRequest = components['schemas']['CreateCallRequest'];
export type CreatedCall = components['schemas']['CreatedCall'];
export type CreateSessionRequest = components['schemas']['CreateSessionRequest'];
export type Custom = components['schemas']['Custom'];
export type DeliveryPage = components['schemas']['DeliveryPage'];
export type Device = components['schemas']['Device'];
export type DeviceList = components['schemas']['DeviceList'];
export type DeviceRegisteredBackendEvent = components['schemas']['DeviceRegisteredBackendEvent'];
export type DeviceRemovedBackendEvent = components['schemas']['DeviceRemovedBackendEvent'];
export type Document = components['schemas']['Document'];
export type ErrorCode = components['schemas']['ErrorCode'];
export type ErrorFrame = components['schemas']['ErrorFrame'];
export type ErrorRoomEvent = components['schemas']['ErrorRoomEvent'];
export type FieldError = components['schemas']['FieldError'];
export type FrameId = components['schemas']['FrameId'];
export type GatewayRefusal = components['schemas']['GatewayRefusal'];
export type HandsetRequest = components['schemas']['HandsetRequest'];
export type HardwareId = components['schemas']['HardwareId'];
export type Health = components['schemas']['Health'];
export type IceCandidateCommand = components['schemas']['IceCandidateCommand'];
export type IceCandidateEvent = components['schemas']['IceCandidateEvent'];
export type IceCandidateRoomEvent = components['schemas']['IceCandidateRoomEvent'];
export type IceCandidateRoomFrame = components['schemas']['IceCandidateRoomFrame'];
export type IceRequest = components['schemas']['IceRequest'];
export type IceServer = components['schemas']['IceServer'];
export type IceServerList = components['schemas']['IceServerList'];
export type JoinedSession = components['schemas']['JoinedSession'];
export type KeepAliveRoomEvent = components['schemas']['KeepAliveRoomEvent'];
export type KeepCheckupRequest = components['schemas']['KeepCheckupRequest'];
export type LeaveRequest = components['schemas']['LeaveRequest'];
export type Member = components['schemas']['Member'];
export type MintedToken = components['schemas']['MintedToken'];
export type MintTokenRequest = components['schemas']['MintTokenRequest'];
export type MissedPush = components['schemas']['MissedPush'];
export type Moment = components['schemas']['Moment'];
export type NewMember = components['schemas']['NewMember'];
export type Offer = components['schemas']['Offer'];
export type OfferRequest = components['schemas']['OfferRequest'];
export type OfferRoomEvent = components['schemas']['OfferRoomEvent'];
export type OfferRoomFrame = components['schemas']['OfferRoomFrame'];
export type Person = components['schemas']['Person'];
export type PhoneOutcome = components['schemas']['PhoneOutcome'];
export type PingCommand = components['schemas']['PingCommand'];
export type Pong = components['schemas']['Pong'];
export type Preferences = components['schemas']['Preferences'];
export type PreferencesRequest = components['schemas']['PreferencesRequest'];
export type Problem = components['schemas']['Problem'];
export type PushProviderFailingBackendEvent = components['schemas']['PushProviderFailingBackendEvent'];
export type PushProviderList = components['schemas']['PushProviderList'];
export type RecordedCallee = components['schemas']['RecordedCallee'];
export type RegisterDeviceRequest = components['schemas']['RegisterDeviceRequest'];
export type RegisteredDevice = components['schemas']['RegisteredDevice'];
export type RejectRequest = components['schemas']['RejectRequest'];
export type ReportedCall = components['schemas']['ReportedCall'];
export type Response = components['schemas']['Response'];
export type RingId = components['schemas']['RingId'];
export type RingPush = components['schemas']['RingPush'];
export type RingRequest = components['schemas']['RingRequest'];
export type RoomConfig = components['schemas']['RoomConfig'];
export type RoomStateRoomEvent = components['schemas']['RoomStateRoomEvent'];
export type SdpAnswerCommand = components['schemas']['SdpAnswerCommand'];
export type SdpAnswerEvent = components['schemas']['SdpAnswerEvent'];
export type SdpOfferCommand = components['schemas']['SdpOfferCommand'];
export type SdpOfferEvent = components['schemas']['SdpOfferEvent'];
export type SessionAnswer = components['schemas']['SessionAnswer'];
export type SessionRequest = components['schemas']['SessionRequest'];
export type SessionTokenRequest = components['schemas']['SessionTokenRequest'];
export type SettingsOverride = components['schemas']['SettingsOverride'];
export type StageCallPage = components['schemas']['StageCallPage'];
export type StopPush = components['schemas']['StopPush'];
export type StreamPush = components['schemas']['StreamPush'];
export type Taken = components['schemas']['Taken'];
export type Trace = components['schemas']['Trace'];
export type TraceEvent = components['schemas']['TraceEvent'];
export type UserAnswer = components['schemas']['UserAnswer'];
export type UserConnectedEvent = components['schemas']['UserConnectedEvent'];
export type UserId = components['schemas']['UserId'];
export type UserJoinedRoomEvent = components['schemas']['UserJoinedRoomEvent'];
export type UserLeftRoomEvent = components['schemas']['UserLeftRoomEvent'];
export type Verdict = components['schemas']['Verdict'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
