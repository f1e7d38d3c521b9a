import type { AriClient } from '@sasayaki/ari';

/** What Asterisk tells an application of every call and nobody here asks for. Each would be sent and read; everything else comes. */
const UNWANTED = [
  'BridgeCreated',
  'BridgeDestroyed',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'ChannelCreated',
  'ChannelDialplan',
  'ChannelEnteredBridge',
  'ChannelHangupRequest',
  'ChannelLeftBridge',
  'ChannelVarset',
  'PlaybackStarted',
] as const;

/** Has an application spared of what nobody asks for; again after each connection, for Asterisk may be another one. */
export async function declineUnwanted(ari: AriClient, app: string): Promise<void> {
  await ari.applications.filter({
    applicationName: app,
    filter: { disallowed: UNWANTED.map((type) => ({ type })) },
  });
}
