/** The live WebSocket: connects, notices silence, and comes back by itself. */

import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import { api } from "./api";
import { applyMessage, type FloorState } from "./floor_state";
import type { LiveMessage } from "./wire";

/** The server says something every 5 s; twice that and a bit is a dead connection. */
const SILENCE_MS = 12_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** Close code of the server: the session is over. */
const SIGNED_OUT = 4401;

export type Link =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly lastSeen: number | null; readonly retryAt: number | null };

interface Listener<Message> {
  link(link: Link): void;
  message(message: Message): void;
  signedOut(): void;
}

export class LiveConnection<Message> {
  private socket: WebSocket | null = null;
  private timer = 0;
  private failures = 0;
  private lastSeen: number | null = null;
  private stopped = false;

  constructor(
    private readonly path: string,
    private readonly listener: Listener<Message>,
  ) {}

  start(): void {
    this.listener.link({ kind: "connecting" });
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    leave(this.socket);
  }

  readonly retryNow = (): void => {
    if (this.stopped || this.socket !== null) return;
    this.connect();
  };

  private connect(): void {
    clearTimeout(this.timer);
    if (this.lastSeen !== null || this.failures > 0) {
      this.listener.link({ kind: "lost", lastSeen: this.lastSeen, retryAt: null });
    }
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/${this.path}`);
    this.socket = socket;
    this.expectMessage();
    socket.onmessage = (event: MessageEvent<string>) => this.receive(event.data);
    socket.onclose = (event) => this.closed(socket, event.code);
  }

  private receive(data: string): void {
    this.lastSeen = Date.now();
    this.failures = 0;
    this.expectMessage();
    this.listener.link({ kind: "live" });
    this.listener.message(JSON.parse(data) as Message);
  }

  private expectMessage(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.giveUp(), SILENCE_MS);
  }

  private giveUp(): void {
    const socket = this.socket;
    if (socket === null) return;
    socket.close();
    // A dead peer never answers the closing handshake, so do not wait for its event.
    this.closed(socket, 0);
  }

  private closed(socket: WebSocket, code: number): void {
    if (this.stopped || this.socket !== socket) return;
    this.socket = null;
    if (code === SIGNED_OUT) {
      this.listener.signedOut();
      return;
    }
    const longest = Math.min(FIRST_RETRY_MS * 2 ** this.failures, LONGEST_RETRY_MS);
    // Pages that lost the same server must not all come back in the same moment.
    const wait = longest * (0.5 + Math.random() / 2);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.retryNow, wait);
    this.listener.link({ kind: "lost", lastSeen: this.lastSeen, retryAt: Date.now() + wait });
    void this.checkSession();
  }

  /** A refused handshake does not say why; the session may be over. */
  private async checkSession(): Promise<void> {
    try {
      if ((await api.session()).me === null) this.listener.signedOut();
    } catch {
      // Nobody answers: the next try will tell.
    }
  }
}

export interface LiveFloor {
  readonly floor: FloorState | null;
  readonly link: Link;
  readonly retryNow: () => void;
}

export function useLiveFloor(onSignedOut: () => void): LiveFloor {
  const [link, setLink] = useState<Link>({ kind: "connecting" });
  const [floor, receive] = useReducer(
    (state: FloorState | null, message: LiveMessage) => applyMessage(state, message, Date.now()),
    null,
  );
  const connection = useMemo(
    () =>
      new LiveConnection<LiveMessage>("live", {
        // The same kind again is no news: it must not draw the page anew.
        link: (next) =>
          setLink((now) => (now.kind === "live" && next.kind === "live" ? now : next)),
        message: receive,
        signedOut: onSignedOut,
      }),
    [],
  );
  useEffect(() => {
    connection.start();
    addEventListener("online", connection.retryNow);
    return () => {
      removeEventListener("online", connection.retryNow);
      connection.stop();
    };
  }, [connection]);
  return { floor, link, retryNow: connection.retryNow };
}

/** Close a socket; one that is still being opened is closed then, for a browser complains else. */
function leave(socket: WebSocket | null): void {
  if (socket?.readyState === WebSocket.CONNECTING) {
    socket.onopen = () => socket.close();
  } else {
    socket?.close();
  }
}
