import type { Page } from 'playwright-core';

/** From the next load on the page's connections can be listened to by {@link levelsInPage}. */
export async function noteConnections(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { RTCPeerConnection: Plain } = globalThis;
    const connections: RTCPeerConnection[] = [];
    class Noted extends Plain {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    }
    Object.assign(globalThis, { connections, RTCPeerConnection: Noted });
  });
}

/** How loud each of these frequencies is in what the page receives now, in dB, by the browser's own analyser. */
export async function levelsInPage(page: Page, frequencies: readonly number[]): Promise<readonly number[]> {
  return page.evaluate(
    async (wanted) => {
      const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] };
      const live = connections.filter(({ connectionState }) => connectionState === 'connected');
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      analyser.fftSize = 4_096;
      analyser.smoothingTimeConstant = 0;
      for (const { track } of live.flatMap((one) => one.getReceivers())) {
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      }
      // As long as the analyser's window, and what is on its way.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      const width = context.sampleRate / analyser.fftSize;
      await context.close();
      return wanted.map((hertz) => {
        const at = Math.round(hertz / width);
        return Math.max(...bins.slice(at - 1, at + 2));
      });
    },
    [...frequencies],
  );
}
