import { loudness, type Microphone } from './rules.ts';

export type DeviceKind = 'audioinput' | 'audiooutput';

export interface Devices {
  readonly inputs: readonly MediaDeviceInfo[];
  readonly outputs: readonly MediaDeviceInfo[];
}

/** Whether this browser lets a page choose where sound comes out. */
export const canChooseOutput = 'setSinkId' in HTMLMediaElement.prototype;

const SAMPLES = 1_024;
/** Two tones of an exchange, one second in three. */
const RING = [440, 480];
const RING_ON_S = 1;
const RING_EVERY_MS = 3_000;

/** The machine's sound: microphone, loudspeaker, ringing, and how loud each is. */
export class Sound {
  readonly #context = new AudioContext();
  readonly #heard = this.#meter();
  readonly #spoken = this.#meter();
  readonly #players = new Map<string, HTMLAudioElement>();
  #input = '';
  #output = '';
  #volume = 1;
  #ringing: number | undefined;
  #microphone: Microphone = 'unasked';

  get microphone(): Microphone {
    return this.#microphone;
  }

  /** Loudness of the other side and of the microphone, 0 to 1. */
  levels(): { readonly heard: number; readonly spoken: number } {
    return { heard: measure(this.#heard), spoken: measure(this.#spoken) };
  }

  /** Names of devices are known once the microphone was allowed. */
  async devices(): Promise<Devices> {
    const all = await navigator.mediaDevices.enumerateDevices();
    const named = all.filter(({ deviceId }) => deviceId !== '');
    return {
      inputs: named.filter(({ kind }) => kind === 'audioinput'),
      outputs: named.filter(({ kind }) => kind === 'audiooutput'),
    };
  }

  /**
   * The microphone's sound for one call, which {@link release}s it. Without a microphone it is silence: who only listens needs none.
   */
  async open(): Promise<MediaStream> {
    void this.#context.resume();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          ...(this.#input === '' ? {} : { deviceId: { exact: this.#input } }),
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: true,
        },
      });
      this.#microphone = 'ready';
      this.#context.createMediaStreamSource(stream).connect(this.#spoken);
      return stream;
    } catch {
      this.#microphone = 'silent';
      return this.#context.createMediaStreamDestination().stream;
    }
  }

  release(stream: MediaStream): void {
    for (const track of stream.getTracks()) track.stop();
  }

  /** Plays what a call's other side says, until {@link silence}. */
  play(call: string, track: MediaStreamTrack): void {
    const stream = new MediaStream([track]);
    const player = new Audio();
    player.srcObject = stream;
    player.volume = this.#volume;
    this.#players.set(call, player);
    this.#route(player);
    void player.play().catch(() => undefined);
    this.#context.createMediaStreamSource(stream).connect(this.#heard);
  }

  silence(call: string): void {
    const player = this.#players.get(call);
    if (player === undefined) return;
    player.pause();
    player.srcObject = null;
    this.#players.delete(call);
  }

  /** @param id of a device; empty for the machine's own choice. Calls that go on are moved by who owns them. */
  chooseInput(id: string): void {
    this.#input = id;
  }

  chooseOutput(id: string): void {
    this.#output = id;
    for (const player of this.#players.values()) this.#route(player);
  }

  /** @param volume 0 to 1 */
  setVolume(volume: number): void {
    this.#volume = volume;
    for (const player of this.#players.values()) player.volume = volume;
  }

  ring(on: boolean): void {
    if (on === (this.#ringing !== undefined)) return;
    window.clearInterval(this.#ringing);
    this.#ringing = undefined;
    if (!on) return;
    void this.#context.resume();
    const once = (): void => this.#ringOnce();
    once();
    this.#ringing = window.setInterval(once, RING_EVERY_MS);
  }

  close(): void {
    this.ring(false);
    for (const call of [...this.#players.keys()]) this.silence(call);
    void this.#context.close();
  }

  #ringOnce(): void {
    const gain = this.#context.createGain();
    gain.gain.value = 0.06;
    gain.connect(this.#context.destination);
    for (const frequency of RING) {
      const tone = this.#context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(gain);
      tone.start();
      tone.stop(this.#context.currentTime + RING_ON_S);
    }
  }

  #route(player: HTMLAudioElement): void {
    // A device that was unplugged meanwhile leaves the sound where it is.
    if (canChooseOutput) player.setSinkId(this.#output).catch(() => undefined);
  }

  #meter(): AnalyserNode {
    const node = this.#context.createAnalyser();
    node.fftSize = SAMPLES;
    return node;
  }
}

function measure(node: AnalyserNode): number {
  const samples = new Float32Array(SAMPLES);
  node.getFloatTimeDomainData(samples);
  return loudness(samples);
}
