/** A three-way talk mixed in the page: each side hears the microphone and the other side. */

import type { Leg } from "./phone_leg";

export class ThreeWay {
  private readonly context = new AudioContext();
  private readonly voice: GainNode;

  private constructor(
    private readonly legs: readonly [Leg, Leg],
    microphone: MediaStream,
  ) {
    this.voice = this.context.createGain();
    this.context.createMediaStreamSource(microphone).connect(this.voice);
  }

  static async begin(one: Leg, other: Leg, microphone: MediaStream): Promise<ThreeWay> {
    const made = new ThreeWay([one, other], microphone);
    await made.context.resume();
    await Promise.all([one.say(made.mixFor(other)), other.say(made.mixFor(one))]);
    return made;
  }

  setMuted(muted: boolean): void {
    this.voice.gain.value = muted ? 0 : 1;
  }

  /** Every side that is still there hears the microphone alone again. */
  async end(): Promise<void> {
    for (const leg of this.legs) {
      const [track] = leg.voice.getAudioTracks();
      if (track?.readyState === "live") await leg.say(track);
    }
    await this.context.close();
  }

  private mixFor(other: Leg): MediaStreamTrack {
    const mix = this.context.createMediaStreamDestination();
    this.voice.connect(mix);
    const { incoming } = other;
    if (incoming !== null) {
      this.context.createMediaStreamSource(new MediaStream([incoming])).connect(mix);
    }
    const [track] = mix.stream.getAudioTracks();
    if (track === undefined) throw new Error("the mix has no track");
    return track;
  }
}
