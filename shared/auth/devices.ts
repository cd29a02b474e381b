import { seal, unseal } from '../keyring/sealing.ts';
import { regionOf } from '../platform/networks.ts';
import { type App, appOf, type Platform } from './rules.ts';

/** What a client says of itself at the login. */
export interface SaidDevice {
  name?: string | undefined;
  platform?: Platform | undefined;
}

/** What the request itself tells: by which app, and from where. */
export interface Origin {
  userAgent: string | undefined;
  address: string;
}

/** On what and from where a session was opened, as its member is shown it. */
export interface Device {
  deviceName: string | null;
  platform: Platform | null;
  app: App | null;
  network: string | null;
}

const placeOf = (sessionId: string) => `session:${sessionId}:device`;

/** Sealed, because people name their phones after themselves; of the address only what is as coarse as a region. */
export function sealDevice(sessionId: string, { name, platform }: SaidDevice, origin: Origin): Promise<string> {
  const device: Device = {
    deviceName: name ?? null,
    platform: platform ?? null,
    app: appOf(origin.userAgent),
    network: regionOf(origin.address),
  };
  return seal(JSON.stringify(device), placeOf(sessionId));
}

/** Nothing is known of the device of a session from before it was kept. */
export async function openDevice(sessionId: string, sealed: string | undefined): Promise<Device> {
  if (sealed === undefined) return { deviceName: null, platform: null, app: null, network: null };
  return JSON.parse(await unseal(sealed, placeOf(sessionId))) as Device;
}
