/** The softphone as pages use it: made once its account is known, ended with the page. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api, asApiError } from "./api";
import type { PhoneState, SoftPhone } from "./phone";
import type { Dialog } from "./wire";

export interface UsedPhone {
  /** null: this seat has a telephone of its own, or the account is not known yet. */
  readonly phone: SoftPhone | null;
  readonly state: PhoneState;
  /** How many transfers came to nothing. */
  readonly refusedTransfers: number;
}

/** onDialog: told when a call is up, so that another page can take this phone's place. */
export function usePhone(
  takesCalls: () => boolean,
  onDialog: (dialog: Dialog) => void,
  isWanted = true,
): UsedPhone {
  const [phone, setPhone] = useState<SoftPhone | null>(null);
  const [state, setState] = useState<PhoneState>({ status: "off", call: null });
  const [refusedTransfers, setRefused] = useState(0);
  const takes = useRef(takesCalls);
  takes.current = takesCalls;
  useEffect(() => {
    if (!isWanted) return undefined;
    let made: SoftPhone | null = null;
    let left = false;
    void (async () => {
      try {
        const account = await api.deskPhone();
        // A telephone is three times the size of the other pages: only who has one loads it.
        const { SoftPhone } = await import("./phone");
        if (left) return;
        made = new SoftPhone(account, {
          state: setState,
          dialog: onDialog,
          takesCalls: () => takes.current(),
          notTransferred: () => setRefused((count) => count + 1),
        });
        setPhone(made);
        await made.start();
      } catch (thrown) {
        // 404: a desk telephone; anything else shows as a phone that is off.
        if (asApiError(thrown).status !== 404) setState({ status: "refused", call: null });
      }
    })();
    return () => {
      left = true;
      made?.stop();
    };
  }, []);
  return { phone, state, refusedTransfers };
}

/** How loud a stream is now, 0 to 1; looked at ten times a second. */
export function useLevel(stream: MediaStream | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (stream === null || stream.getAudioTracks().length === 0) return undefined;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
      setLevel(Math.min(1, Math.sqrt(power) * 3));
    }, 100);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return level;
}
