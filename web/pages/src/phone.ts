/** The page's telephone: JsSIP over the server's own address; one call at a time. */

import { UA, WebSocketInterface, debug } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { Dialog, Phone } from "./wire";

debug.disable();

const REGISTER_SECONDS = 60;

export type PhoneStatus = "off" | "connecting" | "registered" | "no_microphone" | "refused";

export interface PhoneCall {
  readonly state: "ringing" | "talking" | "held";
  readonly muted: boolean;
}

export interface PhoneState {
  readonly status: PhoneStatus;
  readonly call: PhoneCall | null;
}

interface Listener {
  state(state: PhoneState): void;
  /** The call is up; the server keeps its dialog for a page that is loaded again. */
  dialog(dialog: Dialog): void;
  /** Whether a call that comes in now is to be taken at once. */
  takesCalls(): boolean;
}

/** The part of a JsSIP session that names its dialog; JsSIP itself keeps it private. */
interface WithDialog {
  readonly _dialog: { readonly id: { call_id: string; local_tag: string; remote_tag: string } } | null;
}

export class SoftPhone {
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private status: PhoneStatus = "off";
  private muted = false;
  private held = false;
  private up = false;
  private stopped = false;
  microphone: MediaStream | null = null;
  readonly audio = new Audio();

  constructor(
    private readonly phone: Phone,
    private readonly listener: Listener,
  ) {
    this.audio.autoplay = true;
    this.audio.dataset.phone = "customer";
  }

  async start(): Promise<void> {
    this.setStatus("connecting");
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (this.stopped) {
        for (const track of microphone.getTracks()) track.stop();
        return;
      }
      this.microphone = microphone;
    } catch {
      this.setStatus("no_microphone");
      return;
    }
    // In the document, so that the browser's own tools show what is heard.
    document.body.append(this.audio);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocketInterface(`${scheme}://${location.host}${this.phone.socket}`);
    const ua = new UA({
      sockets: [socket],
      uri: `sip:${this.phone.endpoint}@${this.phone.domain}`,
      authorization_user: this.phone.endpoint,
      password: this.phone.secret,
      register_expires: REGISTER_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 10,
    });
    ua.on("registered", () => this.setStatus("registered"));
    ua.on("unregistered", () => this.setStatus("connecting"));
    ua.on("registrationFailed", () => this.setStatus("refused"));
    ua.on("disconnected", () => this.setStatus("connecting"));
    ua.on("newRTCSession", ({ session, originator }: { session: RTCSession; originator: string }) => {
      if (originator === "remote") this.comes(session);
    });
    this.ua = ua;
    ua.start();
  }

  stop(): void {
    this.stopped = true;
    this.session?.terminate();
    this.ua?.stop();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.audio.remove();
  }

  answer(): void {
    if (this.session === null || this.microphone === null) return;
    this.session.answer({ mediaStream: this.microphone, pcConfig: { iceServers: [] } });
  }

  hangUp(): void {
    this.session?.terminate();
  }

  setMuted(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
    this.muted = muted;
    this.tell();
  }

  setHeld(held: boolean): void {
    const done = held ? this.session?.hold() : this.session?.unhold();
    if (done !== true) return;
    this.held = held;
    this.tell();
  }

  tone(key: string): void {
    this.session?.sendDTMF(key, { transportType: "RFC2833" as never });
  }

  /** Take the place of a phone in its call: of our own before a reload, or of an agent's. */
  replace(dialog: Dialog): void {
    if (this.ua === null || this.session !== null || this.microphone === null) return;
    const replaces = `Replaces: ${dialog.call_id};to-tag=${dialog.to_tag};from-tag=${dialog.from_tag}`;
    const session = this.ua.call(`sip:replace@${this.phone.domain}`, {
      mediaStream: this.microphone,
      pcConfig: { iceServers: [] },
      extraHeaders: [replaces, "Require: replaces"],
    });
    this.follow(session);
  }

  private comes(session: RTCSession): void {
    if (this.session !== null) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.follow(session);
    if (this.listener.takesCalls()) this.answer();
  }

  private follow(session: RTCSession): void {
    this.session = session;
    this.muted = this.held = this.up = false;
    session.on("peerconnection", ({ peerconnection }) => this.hear(peerconnection));
    if (session.connection) this.hear(session.connection);
    const up = () => {
      this.up = true;
      this.tell();
      this.sayDialog(session);
    };
    session.on("accepted", up);
    session.on("confirmed", up);
    session.on("ended", () => this.forget(session));
    session.on("failed", () => this.forget(session));
    this.tell();
  }

  private hear(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      this.audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      void this.audio.play().catch(() => undefined);
    });
  }

  private sayDialog(session: RTCSession): void {
    const id = (session as unknown as WithDialog)._dialog?.id;
    if (id === undefined) return;
    this.listener.dialog({ call_id: id.call_id, to_tag: id.remote_tag, from_tag: id.local_tag });
  }

  private forget(session: RTCSession): void {
    if (this.session !== session) return;
    this.session = null;
    this.audio.srcObject = null;
    this.tell();
  }

  private setStatus(status: PhoneStatus): void {
    this.status = status;
    this.tell();
  }

  private tell(): void {
    const state = this.held ? "held" : this.up ? "talking" : "ringing";
    const call = this.session === null ? null : ({ state, muted: this.muted } as const);
    this.listener.state({ status: this.status, call });
  }
}
