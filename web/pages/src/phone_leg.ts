/** One call of the page's phone: its session, its own copy of the microphone, what it hears. */

import type { RTCSession } from "jssip/lib/RTCSession";
import type { Dialog } from "./wire";

/** The part of a JsSIP session that names its dialog; JsSIP itself keeps it private. */
interface WithDialog {
  readonly _dialog: { readonly id: { call_id: string; local_tag: string; remote_tag: string } } | null;
}

interface LegListener {
  changed(leg: Leg): void;
  up(leg: Leg): void;
  gone(leg: Leg): void;
}

export class Leg {
  up = false;
  held = false;
  /** What the other side says; null until it is heard. */
  heard: MediaStream | null = null;
  private connection: RTCPeerConnection | null = null;

  constructor(
    readonly session: RTCSession,
    /** A copy of its own: JsSIP silences it while the leg is held. */
    readonly voice: MediaStream,
    private readonly audio: HTMLAudioElement,
    private readonly listener: LegListener,
  ) {
    session.on("peerconnection", ({ peerconnection }) => this.hear(peerconnection));
    if (session.connection) this.hear(session.connection);
    const up = () => {
      this.up = true;
      this.listener.up(this);
    };
    session.on("accepted", up);
    session.on("confirmed", up);
    session.on("ended", () => this.end());
    session.on("failed", () => this.end());
  }

  answer(): void {
    this.session.answer({ mediaStream: this.voice, pcConfig: { iceServers: [] } });
  }

  hangUp(): void {
    this.session.terminate();
  }

  setMuted(muted: boolean): void {
    if (muted) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
  }

  setHeld(held: boolean): boolean {
    const done = held ? this.session.hold() : this.session.unhold();
    if (done) this.held = held;
    return done;
  }

  /** Send this instead of the microphone. */
  async say(track: MediaStreamTrack): Promise<void> {
    const sender = this.connection?.getSenders().find((one) => one.track?.kind === "audio");
    await sender?.replaceTrack(track);
  }

  /** What comes from the other side; unlike a stream it keeps its track while the leg is held. */
  get incoming(): MediaStreamTrack | null {
    const receivers = this.connection?.getReceivers() ?? [];
    return receivers.find((one) => one.track.kind === "audio")?.track ?? null;
  }

  get dialog(): Dialog | null {
    const id = (this.session as unknown as WithDialog)._dialog?.id;
    return id === undefined
      ? null
      : { call_id: id.call_id, to_tag: id.remote_tag, from_tag: id.local_tag };
  }

  private hear(connection: RTCPeerConnection): void {
    this.connection = connection;
    connection.addEventListener("track", (event) => {
      this.heard = event.streams[0] ?? new MediaStream([event.track]);
      this.audio.srcObject = this.heard;
      void this.audio.play().catch(() => undefined);
      this.listener.changed(this);
    });
  }

  private end(): void {
    for (const track of this.voice.getTracks()) track.stop();
    if (this.audio.srcObject === this.heard) this.audio.srcObject = null;
    this.listener.gone(this);
  }
}
