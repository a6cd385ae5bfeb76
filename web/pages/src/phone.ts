/** The page's telephone: JsSIP over the server's own address; one call, and one to ask a colleague. */

import { UA, WebSocketInterface, debug } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { Leg } from "./phone_leg";
import { ThreeWay } from "./three_way";
import type { Dialog, Phone } from "./wire";

debug.disable();

const REGISTER_SECONDS = 60;

export type PhoneStatus = "off" | "connecting" | "registered" | "no_microphone" | "refused";

export interface PhoneCall {
  readonly state: "ringing" | "talking" | "held";
  readonly muted: boolean;
  /** The call to a colleague beside it. */
  readonly colleague: "none" | "ringing" | "talking" | "three_way";
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
  /** A transfer came to nothing; the call is with us still. */
  notTransferred(): void;
}

function loudspeaker(name: string): HTMLAudioElement {
  const audio = new Audio();
  audio.autoplay = true;
  audio.dataset.phone = name;
  return audio;
}

export class SoftPhone {
  private ua: UA | null = null;
  private leg: Leg | null = null;
  private beside: Leg | null = null;
  private threeWay: ThreeWay | null = null;
  private status: PhoneStatus = "off";
  private muted = false;
  private stopped = false;
  private wasCutOff = false;
  microphone: MediaStream | null = null;
  readonly audio = loudspeaker("customer");
  readonly audioBeside = loudspeaker("colleague");

  constructor(
    private readonly phone: Phone,
    private readonly listener: Listener,
  ) {}

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
    document.body.append(this.audio, this.audioBeside);
    this.ua = this.register();
    this.ua.start();
  }

  private register(): UA {
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
    ua.on("registered", () => {
      this.setStatus("registered");
      this.rejoin();
    });
    ua.on("unregistered", () => this.setStatus("connecting"));
    ua.on("registrationFailed", () => this.setStatus("refused"));
    ua.on("disconnected", () => {
      this.wasCutOff = true;
      this.setStatus("connecting");
    });
    ua.on("newRTCSession", ({ session, originator }: { session: RTCSession; originator: string }) => {
      if (originator === "remote") this.comes(session);
    });
    return ua;
  }

  stop(): void {
    this.stopped = true;
    this.hangUp();
    this.ua?.stop();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.audio.remove();
    this.audioBeside.remove();
  }

  answer(): void {
    this.leg?.answer();
  }

  hangUp(): void {
    this.beside?.hangUp();
    this.leg?.hangUp();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.applyMute();
    this.tell();
  }

  setHeld(held: boolean): void {
    if (this.leg?.setHeld(held) === true) this.tell();
  }

  tone(key: string): void {
    this.leg?.session.sendDTMF(key, { transportType: "RFC2833" as never });
  }

  /** Take the place of a phone in its call: of our own before a reload, or of an agent's. */
  replace(dialog: Dialog): void {
    if (this.leg === null) this.leg = this.call("replace", dialog);
    this.tell();
  }

  /** Hand the customer over to an extension, unasked. */
  transfer(extension: string): void {
    this.leg?.session.refer(`sip:${extension}@${this.phone.domain}`, this.watchTransfer());
  }

  /** Call a colleague while the customer waits. */
  ask(extension: string): void {
    if (this.leg === null || this.beside !== null) return;
    if (!this.leg.held) this.setHeld(true);
    this.beside = this.call(extension);
    this.tell();
  }

  /** Customer and colleague go on without us. */
  handOver(): void {
    if (this.leg === null || this.beside === null) return;
    const { remote_identity: colleague } = this.beside.session;
    this.leg.session.refer(colleague.uri, {
      ...this.watchTransfer(),
      replaces: this.beside.session,
    });
  }

  /** All three hear each other. */
  async joinAll(): Promise<void> {
    const { leg, beside, microphone } = this;
    if (leg === null || beside === null || microphone === null || this.threeWay !== null) return;
    if (leg.held) leg.setHeld(false);
    this.threeWay = await ThreeWay.begin(leg, beside, microphone);
    this.applyMute();
    this.tell();
  }

  /** The colleague leaves; the customer is with us again. */
  leaveColleague(): void {
    this.beside?.hangUp();
  }

  private watchTransfer() {
    return {
      eventHandlers: {
        // The others talk now; our own legs are ours to end.
        accepted: () => this.hangUp(),
        failed: () => this.listener.notTransferred(),
      },
    };
  }

  /** In a three-way talk the mix holds the microphone, else each leg its own copy. */
  private applyMute(): void {
    this.threeWay?.setMuted(this.muted);
    if (this.threeWay !== null) return;
    this.leg?.setMuted(this.muted);
    this.beside?.setMuted(this.muted);
  }

  /**
   * The way to Asterisk was lost and is back, and the call went on without signals: Asterisk would not
   * know where to say its end. A new leg takes the old one's place.
   */
  private rejoin(): void {
    const old = this.leg;
    const wasCutOff = this.wasCutOff;
    this.wasCutOff = false;
    if (!wasCutOff || old === null || !old.up || old.dialog === null) return;
    this.beside?.hangUp();
    const held = old.held;
    const fresh = this.call("replace", old.dialog);
    if (fresh === null) return;
    this.leg = fresh;
    fresh.session.on("confirmed", () => {
      if (held) this.setHeld(true);
      this.applyMute();
      // Asterisk has forgotten the old dialog by now: this BYE ends nothing but our own half.
      old.hangUp();
    });
    fresh.session.on("failed", () => old.hangUp());
  }

  private call(extension: string, dialog: Dialog | null = null): Leg | null {
    if (this.ua === null || this.microphone === null) return null;
    const voice = this.microphone.clone();
    const replaces =
      dialog && `Replaces: ${dialog.call_id};to-tag=${dialog.to_tag};from-tag=${dialog.from_tag}`;
    const session = this.ua.call(`sip:${extension}@${this.phone.domain}`, {
      mediaStream: voice,
      pcConfig: { iceServers: [] },
      ...(replaces === null ? {} : { extraHeaders: [replaces, "Require: replaces"] }),
    });
    return this.follow(session, voice, dialog === null);
  }

  private comes(session: RTCSession): void {
    if (this.leg !== null || this.microphone === null) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.muted = false;
    this.leg = this.follow(session, this.microphone.clone(), false);
    this.tell();
    if (this.listener.takesCalls()) this.answer();
  }

  private follow(session: RTCSession, voice: MediaStream, isBeside: boolean): Leg {
    return new Leg(session, voice, isBeside ? this.audioBeside : this.audio, {
      changed: () => this.tell(),
      up: (leg) => {
        this.tell();
        if (leg === this.leg && leg.dialog !== null) this.listener.dialog(leg.dialog);
      },
      gone: (leg) => this.forget(leg),
    });
  }

  private forget(leg: Leg): void {
    if (leg !== this.leg && leg !== this.beside) return;
    if (leg === this.leg) this.leg = null;
    else this.beside = null;
    void this.threeWay?.end();
    this.threeWay = null;
    if (this.leg === null) this.beside?.hangUp();
    else if (this.leg.held) this.setHeld(false);
    this.applyMute();
    this.tell();
  }

  private setStatus(status: PhoneStatus): void {
    this.status = status;
    this.tell();
  }

  private get colleague(): PhoneCall["colleague"] {
    if (this.beside === null) return "none";
    if (this.threeWay !== null) return "three_way";
    return this.beside.up ? "talking" : "ringing";
  }

  private tell(): void {
    const { leg, muted, colleague } = this;
    const state = leg?.held ? "held" : leg?.up ? "talking" : "ringing";
    this.listener.state({
      status: this.status,
      call: leg === null ? null : { state, muted, colleague },
    });
  }
}
