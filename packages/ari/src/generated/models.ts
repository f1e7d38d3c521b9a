// Made by scripts/generate.mjs from the API description that Asterisk ships. Changes made here are lost.
export interface AdditionalParam {
  readonly parameter_name: string;
  readonly parameter_value: string;
}

export interface Application {
  readonly name: string;
  readonly channel_ids: readonly string[];
  readonly bridge_ids: readonly string[];
  readonly endpoint_ids: readonly string[];
  readonly device_names: readonly string[];
  readonly events_allowed: readonly (Readonly<Record<string, unknown>>)[];
  readonly events_disallowed: readonly (Readonly<Record<string, unknown>>)[];
}

export interface ApplicationMoveFailed extends Event {
  readonly type: 'ApplicationMoveFailed';
  readonly channel: Channel;
  readonly destination: string;
  readonly args: readonly string[];
}

export interface ApplicationRegistered extends Event {
  readonly type: 'ApplicationRegistered';
}

export interface ApplicationReplaced extends Event {
  readonly type: 'ApplicationReplaced';
}

export interface ApplicationUnregistered extends Event {
  readonly type: 'ApplicationUnregistered';
}

export interface AsteriskInfo {
  readonly build?: BuildInfo;
  readonly system?: SystemInfo;
  readonly config?: ConfigInfo;
  readonly status?: StatusInfo;
}

export interface AsteriskPing {
  readonly asterisk_id: string;
  readonly ping: string;
  readonly timestamp: string;
}

export interface Bridge {
  readonly id: string;
  readonly technology: string;
  readonly bridge_type: 'mixing' | 'holding';
  readonly bridge_class: string;
  readonly creator: string;
  readonly name: string;
  readonly channels: readonly string[];
  readonly video_mode?: string;
  readonly video_source_id?: string;
  readonly creationtime: string;
  readonly bridgevars?: Readonly<Record<string, unknown>>;
}

export interface BridgeAttendedTransfer extends Event {
  readonly type: 'BridgeAttendedTransfer';
  readonly transferer_first_leg: Channel;
  readonly transferer_second_leg: Channel;
  readonly replace_channel?: Channel;
  readonly transferee?: Channel;
  readonly transfer_target?: Channel;
  readonly result: string;
  readonly is_external: boolean;
  readonly transferer_first_leg_bridge?: Bridge;
  readonly transferer_second_leg_bridge?: Bridge;
  readonly destination_type: string;
  readonly destination_bridge?: string;
  readonly destination_application?: string;
  readonly destination_link_first_leg?: Channel;
  readonly destination_link_second_leg?: Channel;
  readonly destination_threeway_channel?: Channel;
  readonly destination_threeway_bridge?: Bridge;
}

export interface BridgeBlindTransfer extends Event {
  readonly type: 'BridgeBlindTransfer';
  readonly channel: Channel;
  readonly replace_channel?: Channel;
  readonly transferee?: Channel;
  readonly exten: string;
  readonly context: string;
  readonly result: string;
  readonly is_external: boolean;
  readonly bridge?: Bridge;
}

export interface BridgeCreated extends Event {
  readonly type: 'BridgeCreated';
  readonly bridge: Bridge;
}

export interface BridgeDestroyed extends Event {
  readonly type: 'BridgeDestroyed';
  readonly bridge: Bridge;
}

export interface BridgeMerged extends Event {
  readonly type: 'BridgeMerged';
  readonly bridge: Bridge;
  readonly bridge_from: Bridge;
}

export interface BridgeVideoSourceChanged extends Event {
  readonly type: 'BridgeVideoSourceChanged';
  readonly bridge: Bridge;
  readonly old_video_source_id?: string;
}

export interface BuildInfo {
  readonly os: string;
  readonly kernel: string;
  readonly options: string;
  readonly machine: string;
  readonly date: string;
  readonly user: string;
}

export interface CallBroadcast extends Event {
  readonly type: 'CallBroadcast';
  readonly channel: Channel;
  readonly caller?: string;
  readonly called?: string;
}

export interface CallClaimed extends Event {
  readonly type: 'CallClaimed';
  readonly channel: Channel;
  readonly winner_app: string;
}

export interface CallerID {
  readonly name: string;
  readonly number: string;
}

export interface Channel {
  readonly id: string;
  readonly protocol_id: string;
  readonly name: string;
  readonly state: 'Down' | 'Rsrved' | 'OffHook' | 'Dialing' | 'Ring' | 'Ringing' | 'Up' | 'Busy' | 'Dialing Offhook' | 'Pre-ring' | 'Unknown';
  readonly caller: CallerID;
  readonly connected: CallerID;
  readonly accountcode: string;
  readonly dialplan: DialplanCEP;
  readonly creationtime: string;
  readonly language: string;
  readonly channelvars?: Readonly<Record<string, unknown>>;
  readonly caller_rdnis?: string;
  readonly tenantid?: string;
}

export interface ChannelCallerId extends Event {
  readonly type: 'ChannelCallerId';
  readonly caller_presentation: number;
  readonly caller_presentation_txt: string;
  readonly channel: Channel;
}

export interface ChannelConnectedLine extends Event {
  readonly type: 'ChannelConnectedLine';
  readonly channel: Channel;
}

export interface ChannelCreated extends Event {
  readonly type: 'ChannelCreated';
  readonly channel: Channel;
}

export interface ChannelDestroyed extends Event {
  readonly type: 'ChannelDestroyed';
  readonly cause: number;
  readonly cause_txt: string;
  readonly tech_cause?: number;
  readonly channel: Channel;
}

export interface ChannelDialplan extends Event {
  readonly type: 'ChannelDialplan';
  readonly channel: Channel;
  readonly dialplan_app: string;
  readonly dialplan_app_data: string;
}

export interface ChannelDtmfReceived extends Event {
  readonly type: 'ChannelDtmfReceived';
  readonly digit: string;
  readonly duration_ms: number;
  readonly channel: Channel;
}

export interface ChannelEnteredBridge extends Event {
  readonly type: 'ChannelEnteredBridge';
  readonly bridge: Bridge;
  readonly channel?: Channel;
}

export interface ChannelHangupRequest extends Event {
  readonly type: 'ChannelHangupRequest';
  readonly cause?: number;
  readonly tech_cause?: number;
  readonly soft?: boolean;
  readonly channel: Channel;
}

export interface ChannelHold extends Event {
  readonly type: 'ChannelHold';
  readonly channel: Channel;
  readonly musicclass?: string;
}

export interface ChannelLeftBridge extends Event {
  readonly type: 'ChannelLeftBridge';
  readonly bridge: Bridge;
  readonly channel: Channel;
}

export interface ChannelStateChange extends Event {
  readonly type: 'ChannelStateChange';
  readonly channel: Channel;
}

export interface ChannelTalkingFinished extends Event {
  readonly type: 'ChannelTalkingFinished';
  readonly channel: Channel;
  readonly duration: number;
}

export interface ChannelTalkingStarted extends Event {
  readonly type: 'ChannelTalkingStarted';
  readonly channel: Channel;
}

export interface ChannelToneDetected extends Event {
  readonly type: 'ChannelToneDetected';
  readonly channel: Channel;
}

export interface ChannelTransfer extends Event {
  readonly type: 'ChannelTransfer';
  readonly state?: string;
  readonly refer_to: ReferTo;
  readonly referred_by: ReferredBy;
}

export interface ChannelUnhold extends Event {
  readonly type: 'ChannelUnhold';
  readonly channel: Channel;
}

export interface ChannelUserevent extends Event {
  readonly type: 'ChannelUserevent';
  readonly eventname: string;
  readonly channel?: Channel;
  readonly bridge?: Bridge;
  readonly endpoint?: Endpoint;
  readonly userevent: Readonly<Record<string, unknown>>;
}

export interface ChannelVarset extends Event {
  readonly type: 'ChannelVarset';
  readonly variable: string;
  readonly value: string;
  readonly channel?: Channel;
}

export interface ConfigInfo {
  readonly name: string;
  readonly default_language: string;
  readonly max_channels?: number;
  readonly max_open_files?: number;
  readonly max_load?: number;
  readonly setid: SetId;
}

export interface ConfigTuple {
  readonly attribute: string;
  readonly value: string;
}

export interface ContactInfo {
  readonly uri: string;
  readonly contact_status: 'Unreachable' | 'Reachable' | 'Unknown' | 'NonQualified' | 'Removed';
  readonly aor: string;
  readonly roundtrip_usec?: string;
}

export interface ContactStatusChange extends Event {
  readonly type: 'ContactStatusChange';
  readonly endpoint: Endpoint;
  readonly contact_info: ContactInfo;
}

export interface DeviceState {
  readonly name: string;
  readonly state: 'UNKNOWN' | 'NOT_INUSE' | 'INUSE' | 'BUSY' | 'INVALID' | 'UNAVAILABLE' | 'RINGING' | 'RINGINUSE' | 'ONHOLD';
}

export interface DeviceStateChanged extends Event {
  readonly type: 'DeviceStateChanged';
  readonly device_state: DeviceState;
}

export interface Dial extends Event {
  readonly type: 'Dial';
  readonly caller?: Channel;
  readonly peer: Channel;
  readonly forward?: string;
  readonly forwarded?: Channel;
  readonly dialstring?: string;
  readonly dialstatus: string;
}

export interface Dialed {}

export interface DialplanCEP {
  readonly context: string;
  readonly exten: string;
  readonly priority: number;
  readonly app_name: string;
  readonly app_data: string;
}

export interface Endpoint {
  readonly technology: string;
  readonly resource: string;
  readonly state?: 'unknown' | 'offline' | 'online';
  readonly channel_ids: readonly string[];
}

export interface EndpointStateChange extends Event {
  readonly type: 'EndpointStateChange';
  readonly endpoint: Endpoint;
}

export interface Event extends Message {
  readonly application: string;
  readonly timestamp: string;
}

export interface FormatLangPair {
  readonly language: string;
  readonly format: string;
}

export interface LiveRecording {
  readonly name: string;
  readonly format: string;
  readonly target_uri: string;
  readonly state: 'queued' | 'recording' | 'paused' | 'done' | 'failed' | 'canceled';
  readonly duration?: number;
  readonly talking_duration?: number;
  readonly silence_duration?: number;
  readonly cause?: string;
}

export interface LogChannel {
  readonly channel: string;
  readonly type: string;
  readonly status: string;
  readonly configuration: string;
}

export interface Mailbox {
  readonly name: string;
  readonly old_messages: number;
  readonly new_messages: number;
}

export interface Message {
  readonly type: string;
  readonly asterisk_id?: string;
}

export interface MissingParams extends Message {
  readonly type: 'MissingParams';
  readonly params: readonly string[];
}

export interface Module {
  readonly name: string;
  readonly description: string;
  readonly use_count: number;
  readonly status: string;
  readonly support_level: string;
}

export interface Peer {
  readonly peer_status: string;
  readonly cause?: string;
  readonly address?: string;
  readonly port?: string;
  readonly time?: string;
}

export interface PeerStatusChange extends Event {
  readonly type: 'PeerStatusChange';
  readonly endpoint: Endpoint;
  readonly peer: Peer;
}

export interface Playback {
  readonly id: string;
  readonly media_uri: string;
  readonly next_media_uri?: string;
  readonly target_uri: string;
  readonly language?: string;
  readonly state: 'queued' | 'playing' | 'continuing' | 'done' | 'failed';
}

export interface PlaybackContinuing extends Event {
  readonly type: 'PlaybackContinuing';
  readonly playback: Playback;
}

export interface PlaybackFinished extends Event {
  readonly type: 'PlaybackFinished';
  readonly playback: Playback;
}

export interface PlaybackStarted extends Event {
  readonly type: 'PlaybackStarted';
  readonly playback: Playback;
}

export interface RESTHeader {
  readonly name: string;
  readonly value: string;
}

export interface RESTQueryStringParameter {
  readonly name: string;
  readonly value: string;
}

export interface RESTRequest {
  readonly type: string;
  readonly transaction_id: string;
  readonly request_id: string;
  readonly method: string;
  readonly uri: string;
  readonly content_type?: string;
  readonly query_strings?: readonly RESTQueryStringParameter[];
  readonly message_body?: string;
}

export interface RESTResponse extends Event {
  readonly type: 'RESTResponse';
  readonly transaction_id: string;
  readonly request_id: string;
  readonly status_code: number;
  readonly reason_phrase: string;
  readonly uri: string;
  readonly content_type?: string;
  readonly message_body?: string;
}

export interface RTPstat {
  readonly txcount: number;
  readonly rxcount: number;
  readonly txjitter?: number;
  readonly rxjitter?: number;
  readonly remote_maxjitter?: number;
  readonly remote_minjitter?: number;
  readonly remote_normdevjitter?: number;
  readonly remote_stdevjitter?: number;
  readonly local_maxjitter?: number;
  readonly local_minjitter?: number;
  readonly local_normdevjitter?: number;
  readonly local_stdevjitter?: number;
  readonly txploss: number;
  readonly rxploss: number;
  readonly remote_maxrxploss?: number;
  readonly remote_minrxploss?: number;
  readonly remote_normdevrxploss?: number;
  readonly remote_stdevrxploss?: number;
  readonly local_maxrxploss?: number;
  readonly local_minrxploss?: number;
  readonly local_normdevrxploss?: number;
  readonly local_stdevrxploss?: number;
  readonly rtt?: number;
  readonly maxrtt?: number;
  readonly minrtt?: number;
  readonly normdevrtt?: number;
  readonly stdevrtt?: number;
  readonly local_ssrc: number;
  readonly remote_ssrc: number;
  readonly txoctetcount: number;
  readonly rxoctetcount: number;
  readonly channel_uniqueid: string;
}

export interface RecordingFailed extends Event {
  readonly type: 'RecordingFailed';
  readonly recording: LiveRecording;
}

export interface RecordingFinished extends Event {
  readonly type: 'RecordingFinished';
  readonly recording: LiveRecording;
}

export interface RecordingStarted extends Event {
  readonly type: 'RecordingStarted';
  readonly recording: LiveRecording;
}

export interface ReferTo {
  readonly requested_destination: RequiredDestination;
  readonly destination_channel?: Channel;
  readonly connected_channel?: Channel;
  readonly bridge?: Bridge;
}

export interface ReferredBy {
  readonly source_channel: Channel;
  readonly connected_channel?: Channel;
  readonly bridge?: Bridge;
}

export interface RequiredDestination {
  readonly protocol_id?: string;
  readonly destination?: string;
  readonly additional_protocol_params?: readonly AdditionalParam[];
}

export interface SetId {
  readonly user: string;
  readonly group: string;
}

export interface Sound {
  readonly id: string;
  readonly text?: string;
  readonly formats: readonly FormatLangPair[];
}

export interface StasisEnd extends Event {
  readonly type: 'StasisEnd';
  readonly channel: Channel;
}

export interface StasisStart extends Event {
  readonly type: 'StasisStart';
  readonly args: readonly string[];
  readonly channel: Channel;
  readonly replace_channel?: Channel;
}

export interface StatusInfo {
  readonly startup_time: string;
  readonly last_reload_time: string;
}

export interface StoredRecording {
  readonly name: string;
  readonly format: string;
}

export interface SystemInfo {
  readonly version: string;
  readonly entity_id: string;
}

export interface TextMessage {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface TextMessageReceived extends Event {
  readonly type: 'TextMessageReceived';
  readonly message: TextMessage;
  readonly endpoint?: Endpoint;
}

export interface Variable {
  readonly value: string;
}

export interface Variables {
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Every event by its type. */
export interface AriEvents {
  readonly ApplicationMoveFailed: ApplicationMoveFailed;
  readonly ApplicationRegistered: ApplicationRegistered;
  readonly ApplicationReplaced: ApplicationReplaced;
  readonly ApplicationUnregistered: ApplicationUnregistered;
  readonly BridgeAttendedTransfer: BridgeAttendedTransfer;
  readonly BridgeBlindTransfer: BridgeBlindTransfer;
  readonly BridgeCreated: BridgeCreated;
  readonly BridgeDestroyed: BridgeDestroyed;
  readonly BridgeMerged: BridgeMerged;
  readonly BridgeVideoSourceChanged: BridgeVideoSourceChanged;
  readonly CallBroadcast: CallBroadcast;
  readonly CallClaimed: CallClaimed;
  readonly ChannelCallerId: ChannelCallerId;
  readonly ChannelConnectedLine: ChannelConnectedLine;
  readonly ChannelCreated: ChannelCreated;
  readonly ChannelDestroyed: ChannelDestroyed;
  readonly ChannelDialplan: ChannelDialplan;
  readonly ChannelDtmfReceived: ChannelDtmfReceived;
  readonly ChannelEnteredBridge: ChannelEnteredBridge;
  readonly ChannelHangupRequest: ChannelHangupRequest;
  readonly ChannelHold: ChannelHold;
  readonly ChannelLeftBridge: ChannelLeftBridge;
  readonly ChannelStateChange: ChannelStateChange;
  readonly ChannelTalkingFinished: ChannelTalkingFinished;
  readonly ChannelTalkingStarted: ChannelTalkingStarted;
  readonly ChannelToneDetected: ChannelToneDetected;
  readonly ChannelTransfer: ChannelTransfer;
  readonly ChannelUnhold: ChannelUnhold;
  readonly ChannelUserevent: ChannelUserevent;
  readonly ChannelVarset: ChannelVarset;
  readonly ContactStatusChange: ContactStatusChange;
  readonly DeviceStateChanged: DeviceStateChanged;
  readonly Dial: Dial;
  readonly EndpointStateChange: EndpointStateChange;
  readonly PeerStatusChange: PeerStatusChange;
  readonly PlaybackContinuing: PlaybackContinuing;
  readonly PlaybackFinished: PlaybackFinished;
  readonly PlaybackStarted: PlaybackStarted;
  readonly RESTResponse: RESTResponse;
  readonly RecordingFailed: RecordingFailed;
  readonly RecordingFinished: RecordingFinished;
  readonly RecordingStarted: RecordingStarted;
  readonly StasisEnd: StasisEnd;
  readonly StasisStart: StasisStart;
  readonly TextMessageReceived: TextMessageReceived;
}
