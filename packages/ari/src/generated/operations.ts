// Made by scripts/generate.mjs from the API description that Asterisk ships. Changes made here are lost.
import type * as m from './models.ts';

/** How an operation travels: `plain` ones go by HTTP, the others by the WebSocket. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body: readonly string[];
  /** The one body parameter is the body, not a key of it. */
  readonly wholeBody: boolean;
  readonly plain: boolean;
  /** The answer is a file, not JSON. */
  readonly binary: boolean;
}

/** Variables by name; with `report_events` later events about the channel or bridge carry the value. */
export type VariablesToSet = Readonly<
  Record<string, string | { readonly value: string; readonly report_events?: boolean }>
>;

export interface ApplicationsApi {
  list(): Promise<readonly m.Application[]>;
  get(params: { readonly applicationName: string }): Promise<m.Application>;
  subscribe(params: { readonly applicationName: string; readonly eventSource: readonly string[] }): Promise<m.Application>;
  unsubscribe(params: { readonly applicationName: string; readonly eventSource: readonly string[] }): Promise<m.Application>;
  filter(params: { readonly applicationName: string; readonly filter?: Readonly<Record<string, unknown>> }): Promise<m.Application>;
}

export interface AsteriskApi {
  getObject(params: { readonly configClass: string; readonly objectType: string; readonly id: string }): Promise<readonly m.ConfigTuple[]>;
  updateObject(params: { readonly configClass: string; readonly objectType: string; readonly id: string; readonly fields?: readonly m.ConfigTuple[] }): Promise<readonly m.ConfigTuple[]>;
  deleteObject(params: { readonly configClass: string; readonly objectType: string; readonly id: string }): Promise<void>;
  getInfo(params?: { readonly only?: readonly ('build' | 'system' | 'config' | 'status')[] }): Promise<m.AsteriskInfo>;
  ping(): Promise<m.AsteriskPing>;
  listModules(): Promise<readonly m.Module[]>;
  getModule(params: { readonly moduleName: string }): Promise<m.Module>;
  loadModule(params: { readonly moduleName: string }): Promise<void>;
  unloadModule(params: { readonly moduleName: string }): Promise<void>;
  reloadModule(params: { readonly moduleName: string }): Promise<void>;
  listLogChannels(): Promise<readonly m.LogChannel[]>;
  addLog(params: { readonly logChannelName: string; readonly configuration: string }): Promise<void>;
  deleteLog(params: { readonly logChannelName: string }): Promise<void>;
  rotateLog(params: { readonly logChannelName: string }): Promise<void>;
  getGlobalVar(params: { readonly variable: string }): Promise<m.Variable>;
  setGlobalVar(params: { readonly variable: string; readonly value?: string }): Promise<void>;
}

export interface BridgesApi {
  list(): Promise<readonly m.Bridge[]>;
  create(params?: { readonly type?: string; readonly bridgeId?: string; readonly name?: string; readonly variables?: VariablesToSet }): Promise<m.Bridge>;
  createWithId(params: { readonly type?: string; readonly bridgeId: string; readonly name?: string; readonly variables?: VariablesToSet }): Promise<m.Bridge>;
  get(params: { readonly bridgeId: string }): Promise<m.Bridge>;
  destroy(params: { readonly bridgeId: string }): Promise<void>;
  getBridgeVar(params: { readonly bridgeId: string; readonly variable: string }): Promise<m.Variable>;
  setBridgeVar(params: { readonly bridgeId: string; readonly variable: string; readonly value?: string; readonly report_events?: boolean }): Promise<void>;
  getBridgeVars(params: { readonly bridgeId: string; readonly variables: readonly string[] }): Promise<m.Variables>;
  setBridgeVars(params: { readonly bridgeId: string; readonly variables: VariablesToSet }): Promise<void>;
  addChannel(params: { readonly bridgeId: string; readonly channel: readonly string[]; readonly role?: string; readonly absorbDTMF?: boolean; readonly mute?: boolean; readonly inhibitConnectedLineUpdates?: boolean }): Promise<void>;
  removeChannel(params: { readonly bridgeId: string; readonly channel: readonly string[] }): Promise<void>;
  setVideoSource(params: { readonly bridgeId: string; readonly channelId: string }): Promise<void>;
  clearVideoSource(params: { readonly bridgeId: string }): Promise<void>;
  startMoh(params: { readonly bridgeId: string; readonly mohClass?: string }): Promise<void>;
  stopMoh(params: { readonly bridgeId: string }): Promise<void>;
  play(params: { readonly bridgeId: string; readonly media: readonly string[]; readonly announcer_format?: string; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number; readonly playbackId?: string }): Promise<m.Playback>;
  playWithId(params: { readonly bridgeId: string; readonly playbackId: string; readonly media: readonly string[]; readonly announcer_format?: string; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number }): Promise<m.Playback>;
  record(params: { readonly bridgeId: string; readonly name: string; readonly format: string; readonly recorder_format?: string; readonly maxDurationSeconds?: number; readonly maxSilenceSeconds?: number; readonly ifExists?: 'fail' | 'overwrite' | 'append'; readonly beep?: boolean; readonly terminateOn?: 'none' | 'any' | '*' | '#' }): Promise<m.LiveRecording>;
}

export interface ChannelsApi {
  list(): Promise<readonly m.Channel[]>;
  originate(params: { readonly endpoint: string; readonly extension?: string; readonly context?: string; readonly priority?: number; readonly label?: string; readonly app?: string; readonly appArgs?: string; readonly callerId?: string; readonly timeout?: number; readonly variables?: VariablesToSet; readonly channelId?: string; readonly otherChannelId?: string; readonly originator?: string; readonly formats?: string }): Promise<m.Channel>;
  create(params: { readonly endpoint: string; readonly app: string; readonly appArgs?: string; readonly channelId?: string; readonly otherChannelId?: string; readonly originator?: string; readonly formats?: string; readonly variables?: VariablesToSet }): Promise<m.Channel>;
  get(params: { readonly channelId: string }): Promise<m.Channel>;
  originateWithId(params: { readonly channelId: string; readonly endpoint: string; readonly extension?: string; readonly context?: string; readonly priority?: number; readonly label?: string; readonly app?: string; readonly appArgs?: string; readonly callerId?: string; readonly timeout?: number; readonly variables?: VariablesToSet; readonly otherChannelId?: string; readonly originator?: string; readonly formats?: string }): Promise<m.Channel>;
  hangup(params: { readonly channelId: string; readonly reason_code?: string; readonly reason?: 'normal' | 'busy' | 'congestion' | 'no_answer' | 'timeout' | 'rejected' | 'unallocated' | 'normal_unspecified' | 'number_incomplete' | 'codec_mismatch' | 'interworking' | 'failure' | 'answered_elsewhere' }): Promise<void>;
  continueInDialplan(params: { readonly channelId: string; readonly context?: string; readonly extension?: string; readonly priority?: number; readonly label?: string }): Promise<void>;
  move(params: { readonly channelId: string; readonly app: string; readonly appArgs?: string }): Promise<void>;
  redirect(params: { readonly channelId: string; readonly endpoint: string }): Promise<void>;
  answer(params: { readonly channelId: string }): Promise<void>;
  ring(params: { readonly channelId: string }): Promise<void>;
  ringStop(params: { readonly channelId: string }): Promise<void>;
  progress(params: { readonly channelId: string }): Promise<void>;
  sendDTMF(params: { readonly channelId: string; readonly dtmf?: string; readonly before?: number; readonly between?: number; readonly duration?: number; readonly after?: number }): Promise<void>;
  mute(params: { readonly channelId: string; readonly direction?: 'both' | 'in' | 'out' }): Promise<void>;
  unmute(params: { readonly channelId: string; readonly direction?: 'both' | 'in' | 'out' }): Promise<void>;
  hold(params: { readonly channelId: string }): Promise<void>;
  unhold(params: { readonly channelId: string }): Promise<void>;
  startMoh(params: { readonly channelId: string; readonly mohClass?: string }): Promise<void>;
  stopMoh(params: { readonly channelId: string }): Promise<void>;
  startSilence(params: { readonly channelId: string }): Promise<void>;
  stopSilence(params: { readonly channelId: string }): Promise<void>;
  play(params: { readonly channelId: string; readonly media: readonly string[]; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number; readonly playbackId?: string }): Promise<m.Playback>;
  playWithId(params: { readonly channelId: string; readonly playbackId: string; readonly media: readonly string[]; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number }): Promise<m.Playback>;
  record(params: { readonly channelId: string; readonly name: string; readonly format: string; readonly maxDurationSeconds?: number; readonly maxSilenceSeconds?: number; readonly ifExists?: 'fail' | 'overwrite' | 'append'; readonly beep?: boolean; readonly terminateOn?: 'none' | 'any' | '*' | '#' }): Promise<m.LiveRecording>;
  getChannelVar(params: { readonly channelId: string; readonly variable: string }): Promise<m.Variable>;
  setChannelVar(params: { readonly channelId: string; readonly variable: string; readonly value?: string; readonly report_events?: boolean }): Promise<void>;
  getChannelVars(params: { readonly channelId: string; readonly variables: readonly string[] }): Promise<m.Variables>;
  setChannelVars(params: { readonly channelId: string; readonly variables: VariablesToSet }): Promise<void>;
  snoopChannel(params: { readonly channelId: string; readonly spy?: 'none' | 'both' | 'out' | 'in'; readonly whisper?: 'none' | 'both' | 'out' | 'in'; readonly app: string; readonly appArgs?: string; readonly snoopId?: string }): Promise<m.Channel>;
  snoopChannelWithId(params: { readonly channelId: string; readonly snoopId: string; readonly spy?: 'none' | 'both' | 'out' | 'in'; readonly whisper?: 'none' | 'both' | 'out' | 'in'; readonly app: string; readonly appArgs?: string }): Promise<m.Channel>;
  dial(params: { readonly channelId: string; readonly caller?: string; readonly timeout?: number }): Promise<void>;
  rtpstatistics(params: { readonly channelId: string }): Promise<m.RTPstat>;
  externalMedia(params: { readonly channelId?: string; readonly app: string; readonly variables?: VariablesToSet; readonly external_host?: string; readonly encapsulation?: 'rtp' | 'audiosocket' | 'none'; readonly transport?: 'udp' | 'tcp' | 'websocket'; readonly connection_type?: 'client' | 'server'; readonly format: string; readonly direction?: 'both'; readonly data?: string; readonly transport_data?: string }): Promise<m.Channel>;
  transfer_progress(params: { readonly channelId: string; readonly states: string }): Promise<void>;
}

export interface DeviceStatesApi {
  list(): Promise<readonly m.DeviceState[]>;
  get(params: { readonly deviceName: string }): Promise<m.DeviceState>;
  update(params: { readonly deviceName: string; readonly deviceState: 'NOT_INUSE' | 'INUSE' | 'BUSY' | 'INVALID' | 'UNAVAILABLE' | 'RINGING' | 'RINGINUSE' | 'ONHOLD' }): Promise<void>;
  delete(params: { readonly deviceName: string }): Promise<void>;
}

export interface EndpointsApi {
  list(): Promise<readonly m.Endpoint[]>;
  sendMessage(params: { readonly to: string; readonly from: string; readonly body?: string; readonly variables?: Readonly<Record<string, string>> }): Promise<void>;
  refer(params: { readonly to: string; readonly from: string; readonly refer_to: string; readonly to_self?: boolean; readonly variables?: Readonly<Record<string, string>> }): Promise<void>;
  listByTech(params: { readonly tech: string }): Promise<readonly m.Endpoint[]>;
  get(params: { readonly tech: string; readonly resource: string }): Promise<m.Endpoint>;
  sendMessageToEndpoint(params: { readonly tech: string; readonly resource: string; readonly from: string; readonly body?: string; readonly variables?: Readonly<Record<string, string>> }): Promise<void>;
  referToEndpoint(params: { readonly tech: string; readonly resource: string; readonly from: string; readonly refer_to: string; readonly to_self?: boolean; readonly variables?: Readonly<Record<string, string>> }): Promise<void>;
}

export interface MailboxesApi {
  list(): Promise<readonly m.Mailbox[]>;
  get(params: { readonly mailboxName: string }): Promise<m.Mailbox>;
  update(params: { readonly mailboxName: string; readonly oldMessages: number; readonly newMessages: number }): Promise<void>;
  delete(params: { readonly mailboxName: string }): Promise<void>;
}

export interface PlaybacksApi {
  get(params: { readonly playbackId: string }): Promise<m.Playback>;
  stop(params: { readonly playbackId: string }): Promise<void>;
  control(params: { readonly playbackId: string; readonly operation: 'restart' | 'pause' | 'unpause' | 'reverse' | 'forward' }): Promise<void>;
}

export interface RecordingsApi {
  listStored(): Promise<readonly m.StoredRecording[]>;
  getStored(params: { readonly recordingName: string }): Promise<m.StoredRecording>;
  deleteStored(params: { readonly recordingName: string }): Promise<void>;
  getStoredFile(params: { readonly recordingName: string }): Promise<ArrayBuffer>;
  copyStored(params: { readonly recordingName: string; readonly destinationRecordingName: string }): Promise<m.StoredRecording>;
  getLive(params: { readonly recordingName: string }): Promise<m.LiveRecording>;
  cancel(params: { readonly recordingName: string }): Promise<void>;
  stop(params: { readonly recordingName: string }): Promise<void>;
  pause(params: { readonly recordingName: string }): Promise<void>;
  unpause(params: { readonly recordingName: string }): Promise<void>;
  mute(params: { readonly recordingName: string }): Promise<void>;
  unmute(params: { readonly recordingName: string }): Promise<void>;
}

export interface SoundsApi {
  list(params?: { readonly lang?: string; readonly format?: string }): Promise<readonly m.Sound[]>;
  get(params: { readonly soundId: string }): Promise<m.Sound>;
}

export interface AriApi {
  readonly applications: ApplicationsApi;
  readonly asterisk: AsteriskApi;
  readonly bridges: BridgesApi;
  readonly channels: ChannelsApi;
  readonly deviceStates: DeviceStatesApi;
  readonly endpoints: EndpointsApi;
  readonly mailboxes: MailboxesApi;
  readonly playbacks: PlaybacksApi;
  readonly recordings: RecordingsApi;
  readonly sounds: SoundsApi;
}

export const OPERATIONS = {
  applications: {
    list: { method: 'GET', path: '/applications', query: [], body: [], wholeBody: false, plain: true, binary: false },
    get: { method: 'GET', path: '/applications/{applicationName}', query: [], body: [], wholeBody: false, plain: true, binary: false },
    subscribe: { method: 'POST', path: '/applications/{applicationName}/subscription', query: ['eventSource'], body: [], wholeBody: false, plain: true, binary: false },
    unsubscribe: { method: 'DELETE', path: '/applications/{applicationName}/subscription', query: ['eventSource'], body: [], wholeBody: false, plain: true, binary: false },
    filter: { method: 'PUT', path: '/applications/{applicationName}/eventFilter', query: [], body: ['filter'], wholeBody: true, plain: true, binary: false },
  },
  asterisk: {
    getObject: { method: 'GET', path: '/asterisk/config/dynamic/{configClass}/{objectType}/{id}', query: [], body: [], wholeBody: false, plain: true, binary: false },
    updateObject: { method: 'PUT', path: '/asterisk/config/dynamic/{configClass}/{objectType}/{id}', query: [], body: ['fields'], wholeBody: false, plain: true, binary: false },
    deleteObject: { method: 'DELETE', path: '/asterisk/config/dynamic/{configClass}/{objectType}/{id}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    getInfo: { method: 'GET', path: '/asterisk/info', query: ['only'], body: [], wholeBody: false, plain: false, binary: false },
    ping: { method: 'GET', path: '/asterisk/ping', query: [], body: [], wholeBody: false, plain: false, binary: false },
    listModules: { method: 'GET', path: '/asterisk/modules', query: [], body: [], wholeBody: false, plain: true, binary: false },
    getModule: { method: 'GET', path: '/asterisk/modules/{moduleName}', query: [], body: [], wholeBody: false, plain: true, binary: false },
    loadModule: { method: 'POST', path: '/asterisk/modules/{moduleName}', query: [], body: [], wholeBody: false, plain: true, binary: false },
    unloadModule: { method: 'DELETE', path: '/asterisk/modules/{moduleName}', query: [], body: [], wholeBody: false, plain: true, binary: false },
    reloadModule: { method: 'PUT', path: '/asterisk/modules/{moduleName}', query: [], body: [], wholeBody: false, plain: true, binary: false },
    listLogChannels: { method: 'GET', path: '/asterisk/logging', query: [], body: [], wholeBody: false, plain: true, binary: false },
    addLog: { method: 'POST', path: '/asterisk/logging/{logChannelName}', query: ['configuration'], body: [], wholeBody: false, plain: false, binary: false },
    deleteLog: { method: 'DELETE', path: '/asterisk/logging/{logChannelName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    rotateLog: { method: 'PUT', path: '/asterisk/logging/{logChannelName}/rotate', query: [], body: [], wholeBody: false, plain: true, binary: false },
    getGlobalVar: { method: 'GET', path: '/asterisk/variable', query: ['variable'], body: [], wholeBody: false, plain: false, binary: false },
    setGlobalVar: { method: 'POST', path: '/asterisk/variable', query: ['variable', 'value'], body: [], wholeBody: false, plain: false, binary: false },
  },
  bridges: {
    list: { method: 'GET', path: '/bridges', query: [], body: [], wholeBody: false, plain: true, binary: false },
    create: { method: 'POST', path: '/bridges', query: ['type', 'bridgeId', 'name'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    createWithId: { method: 'POST', path: '/bridges/{bridgeId}', query: ['type', 'name'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    get: { method: 'GET', path: '/bridges/{bridgeId}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    destroy: { method: 'DELETE', path: '/bridges/{bridgeId}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    getBridgeVar: { method: 'GET', path: '/bridges/{bridgeId}/variable', query: ['variable'], body: [], wholeBody: false, plain: false, binary: false },
    setBridgeVar: { method: 'POST', path: '/bridges/{bridgeId}/variable', query: ['variable', 'value', 'report_events'], body: [], wholeBody: false, plain: false, binary: false },
    getBridgeVars: { method: 'GET', path: '/bridges/{bridgeId}/variables', query: ['variables'], body: [], wholeBody: false, plain: false, binary: false },
    setBridgeVars: { method: 'POST', path: '/bridges/{bridgeId}/variables', query: [], body: ['variables'], wholeBody: false, plain: false, binary: false },
    addChannel: { method: 'POST', path: '/bridges/{bridgeId}/addChannel', query: ['channel', 'role', 'absorbDTMF', 'mute', 'inhibitConnectedLineUpdates'], body: [], wholeBody: false, plain: false, binary: false },
    removeChannel: { method: 'POST', path: '/bridges/{bridgeId}/removeChannel', query: ['channel'], body: [], wholeBody: false, plain: false, binary: false },
    setVideoSource: { method: 'POST', path: '/bridges/{bridgeId}/videoSource/{channelId}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    clearVideoSource: { method: 'DELETE', path: '/bridges/{bridgeId}/videoSource', query: [], body: [], wholeBody: false, plain: false, binary: false },
    startMoh: { method: 'POST', path: '/bridges/{bridgeId}/moh', query: ['mohClass'], body: [], wholeBody: false, plain: false, binary: false },
    stopMoh: { method: 'DELETE', path: '/bridges/{bridgeId}/moh', query: [], body: [], wholeBody: false, plain: false, binary: false },
    play: { method: 'POST', path: '/bridges/{bridgeId}/play', query: ['media', 'announcer_format', 'lang', 'offsetms', 'skipms', 'playbackId'], body: [], wholeBody: false, plain: false, binary: false },
    playWithId: { method: 'POST', path: '/bridges/{bridgeId}/play/{playbackId}', query: ['media', 'announcer_format', 'lang', 'offsetms', 'skipms'], body: [], wholeBody: false, plain: false, binary: false },
    record: { method: 'POST', path: '/bridges/{bridgeId}/record', query: ['name', 'format', 'recorder_format', 'maxDurationSeconds', 'maxSilenceSeconds', 'ifExists', 'beep', 'terminateOn'], body: [], wholeBody: false, plain: false, binary: false },
  },
  channels: {
    list: { method: 'GET', path: '/channels', query: [], body: [], wholeBody: false, plain: true, binary: false },
    originate: { method: 'POST', path: '/channels', query: ['endpoint', 'extension', 'context', 'priority', 'label', 'app', 'appArgs', 'callerId', 'timeout', 'channelId', 'otherChannelId', 'originator', 'formats'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    create: { method: 'POST', path: '/channels/create', query: ['endpoint', 'app', 'appArgs', 'channelId', 'otherChannelId', 'originator', 'formats'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    get: { method: 'GET', path: '/channels/{channelId}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    originateWithId: { method: 'POST', path: '/channels/{channelId}', query: ['endpoint', 'extension', 'context', 'priority', 'label', 'app', 'appArgs', 'callerId', 'timeout', 'otherChannelId', 'originator', 'formats'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    hangup: { method: 'DELETE', path: '/channels/{channelId}', query: ['reason_code', 'reason'], body: [], wholeBody: false, plain: false, binary: false },
    continueInDialplan: { method: 'POST', path: '/channels/{channelId}/continue', query: ['context', 'extension', 'priority', 'label'], body: [], wholeBody: false, plain: false, binary: false },
    move: { method: 'POST', path: '/channels/{channelId}/move', query: ['app', 'appArgs'], body: [], wholeBody: false, plain: false, binary: false },
    redirect: { method: 'POST', path: '/channels/{channelId}/redirect', query: ['endpoint'], body: [], wholeBody: false, plain: false, binary: false },
    answer: { method: 'POST', path: '/channels/{channelId}/answer', query: [], body: [], wholeBody: false, plain: false, binary: false },
    ring: { method: 'POST', path: '/channels/{channelId}/ring', query: [], body: [], wholeBody: false, plain: false, binary: false },
    ringStop: { method: 'DELETE', path: '/channels/{channelId}/ring', query: [], body: [], wholeBody: false, plain: false, binary: false },
    progress: { method: 'POST', path: '/channels/{channelId}/progress', query: [], body: [], wholeBody: false, plain: false, binary: false },
    sendDTMF: { method: 'POST', path: '/channels/{channelId}/dtmf', query: ['dtmf', 'before', 'between', 'duration', 'after'], body: [], wholeBody: false, plain: false, binary: false },
    mute: { method: 'POST', path: '/channels/{channelId}/mute', query: ['direction'], body: [], wholeBody: false, plain: false, binary: false },
    unmute: { method: 'DELETE', path: '/channels/{channelId}/mute', query: ['direction'], body: [], wholeBody: false, plain: false, binary: false },
    hold: { method: 'POST', path: '/channels/{channelId}/hold', query: [], body: [], wholeBody: false, plain: false, binary: false },
    unhold: { method: 'DELETE', path: '/channels/{channelId}/hold', query: [], body: [], wholeBody: false, plain: false, binary: false },
    startMoh: { method: 'POST', path: '/channels/{channelId}/moh', query: ['mohClass'], body: [], wholeBody: false, plain: false, binary: false },
    stopMoh: { method: 'DELETE', path: '/channels/{channelId}/moh', query: [], body: [], wholeBody: false, plain: false, binary: false },
    startSilence: { method: 'POST', path: '/channels/{channelId}/silence', query: [], body: [], wholeBody: false, plain: false, binary: false },
    stopSilence: { method: 'DELETE', path: '/channels/{channelId}/silence', query: [], body: [], wholeBody: false, plain: false, binary: false },
    play: { method: 'POST', path: '/channels/{channelId}/play', query: ['media', 'lang', 'offsetms', 'skipms', 'playbackId'], body: [], wholeBody: false, plain: false, binary: false },
    playWithId: { method: 'POST', path: '/channels/{channelId}/play/{playbackId}', query: ['media', 'lang', 'offsetms', 'skipms'], body: [], wholeBody: false, plain: false, binary: false },
    record: { method: 'POST', path: '/channels/{channelId}/record', query: ['name', 'format', 'maxDurationSeconds', 'maxSilenceSeconds', 'ifExists', 'beep', 'terminateOn'], body: [], wholeBody: false, plain: false, binary: false },
    getChannelVar: { method: 'GET', path: '/channels/{channelId}/variable', query: ['variable'], body: [], wholeBody: false, plain: false, binary: false },
    setChannelVar: { method: 'POST', path: '/channels/{channelId}/variable', query: ['variable', 'value', 'report_events'], body: [], wholeBody: false, plain: false, binary: false },
    getChannelVars: { method: 'GET', path: '/channels/{channelId}/variables', query: ['variables'], body: [], wholeBody: false, plain: false, binary: false },
    setChannelVars: { method: 'POST', path: '/channels/{channelId}/variables', query: [], body: ['variables'], wholeBody: false, plain: false, binary: false },
    snoopChannel: { method: 'POST', path: '/channels/{channelId}/snoop', query: ['spy', 'whisper', 'app', 'appArgs', 'snoopId'], body: [], wholeBody: false, plain: false, binary: false },
    snoopChannelWithId: { method: 'POST', path: '/channels/{channelId}/snoop/{snoopId}', query: ['spy', 'whisper', 'app', 'appArgs'], body: [], wholeBody: false, plain: false, binary: false },
    dial: { method: 'POST', path: '/channels/{channelId}/dial', query: ['caller', 'timeout'], body: [], wholeBody: false, plain: false, binary: false },
    rtpstatistics: { method: 'GET', path: '/channels/{channelId}/rtp_statistics', query: [], body: [], wholeBody: false, plain: false, binary: false },
    externalMedia: { method: 'POST', path: '/channels/externalMedia', query: ['channelId', 'app', 'external_host', 'encapsulation', 'transport', 'connection_type', 'format', 'direction', 'data', 'transport_data'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    transfer_progress: { method: 'POST', path: '/channels/{channelId}/transfer_progress', query: ['states'], body: [], wholeBody: false, plain: false, binary: false },
  },
  deviceStates: {
    list: { method: 'GET', path: '/deviceStates', query: [], body: [], wholeBody: false, plain: true, binary: false },
    get: { method: 'GET', path: '/deviceStates/{deviceName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    update: { method: 'PUT', path: '/deviceStates/{deviceName}', query: ['deviceState'], body: [], wholeBody: false, plain: false, binary: false },
    delete: { method: 'DELETE', path: '/deviceStates/{deviceName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
  },
  endpoints: {
    list: { method: 'GET', path: '/endpoints', query: [], body: [], wholeBody: false, plain: true, binary: false },
    sendMessage: { method: 'PUT', path: '/endpoints/sendMessage', query: ['to', 'from', 'body'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    refer: { method: 'POST', path: '/endpoints/refer', query: ['to', 'from', 'refer_to', 'to_self'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    listByTech: { method: 'GET', path: '/endpoints/{tech}', query: [], body: [], wholeBody: false, plain: true, binary: false },
    get: { method: 'GET', path: '/endpoints/{tech}/{resource}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    sendMessageToEndpoint: { method: 'PUT', path: '/endpoints/{tech}/{resource}/sendMessage', query: ['from', 'body'], body: ['variables'], wholeBody: false, plain: false, binary: false },
    referToEndpoint: { method: 'POST', path: '/endpoints/{tech}/{resource}/refer', query: ['from', 'refer_to', 'to_self'], body: ['variables'], wholeBody: false, plain: false, binary: false },
  },
  mailboxes: {
    list: { method: 'GET', path: '/mailboxes', query: [], body: [], wholeBody: false, plain: true, binary: false },
    get: { method: 'GET', path: '/mailboxes/{mailboxName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    update: { method: 'PUT', path: '/mailboxes/{mailboxName}', query: ['oldMessages', 'newMessages'], body: [], wholeBody: false, plain: false, binary: false },
    delete: { method: 'DELETE', path: '/mailboxes/{mailboxName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
  },
  playbacks: {
    get: { method: 'GET', path: '/playbacks/{playbackId}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    stop: { method: 'DELETE', path: '/playbacks/{playbackId}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    control: { method: 'POST', path: '/playbacks/{playbackId}/control', query: ['operation'], body: [], wholeBody: false, plain: false, binary: false },
  },
  recordings: {
    listStored: { method: 'GET', path: '/recordings/stored', query: [], body: [], wholeBody: false, plain: true, binary: false },
    getStored: { method: 'GET', path: '/recordings/stored/{recordingName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    deleteStored: { method: 'DELETE', path: '/recordings/stored/{recordingName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    getStoredFile: { method: 'GET', path: '/recordings/stored/{recordingName}/file', query: [], body: [], wholeBody: false, plain: true, binary: true },
    copyStored: { method: 'POST', path: '/recordings/stored/{recordingName}/copy', query: ['destinationRecordingName'], body: [], wholeBody: false, plain: false, binary: false },
    getLive: { method: 'GET', path: '/recordings/live/{recordingName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    cancel: { method: 'DELETE', path: '/recordings/live/{recordingName}', query: [], body: [], wholeBody: false, plain: false, binary: false },
    stop: { method: 'POST', path: '/recordings/live/{recordingName}/stop', query: [], body: [], wholeBody: false, plain: false, binary: false },
    pause: { method: 'POST', path: '/recordings/live/{recordingName}/pause', query: [], body: [], wholeBody: false, plain: false, binary: false },
    unpause: { method: 'DELETE', path: '/recordings/live/{recordingName}/pause', query: [], body: [], wholeBody: false, plain: false, binary: false },
    mute: { method: 'POST', path: '/recordings/live/{recordingName}/mute', query: [], body: [], wholeBody: false, plain: false, binary: false },
    unmute: { method: 'DELETE', path: '/recordings/live/{recordingName}/mute', query: [], body: [], wholeBody: false, plain: false, binary: false },
  },
  sounds: {
    list: { method: 'GET', path: '/sounds', query: ['lang', 'format'], body: [], wholeBody: false, plain: true, binary: false },
    get: { method: 'GET', path: '/sounds/{soundId}', query: [], body: [], wholeBody: false, plain: false, binary: false },
  },
} as const satisfies Readonly<Record<keyof AriApi, Readonly<Record<string, Operation>>>>;
