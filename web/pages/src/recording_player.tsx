/** One recording, heard in the page. The server writes down who hears it before it is sent. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import type { Me } from "./wire";

/** What this account may do with recordings. */
export interface Hearing {
  readonly play: boolean;
  readonly save: boolean;
}

export function hearingOf(me: Me): Hearing {
  return { play: me.may_use.includes("recording_play"), save: me.may_use.includes("recording_download") };
}

interface Props {
  readonly call: string;
  readonly when: string;
  readonly maySave: boolean;
  readonly onClose: () => void;
}

export function RecordingPlayer({ call, when, maySave, onClose }: Props) {
  const { text } = useLanguage();
  const player = useRef<HTMLAudioElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    setFailed(false);
    player.current?.focus();
    // Asked for by a press of a button, so the browser lets it sound; the controls are there if not.
    void player.current?.play().catch(() => undefined);
  }, [call]);
  return (
    <div class="player" role="group" aria-label={text("playing", { when })}>
      <span>{text("playing", { when })}</span>
      <audio ref={player} controls preload="auto" src={api.recordingSound(call)} onError={() => setFailed(true)} />
      {maySave && (
        <a class="button small" href={api.recordingFile(call)} download>
          {text("save_file")}
        </a>
      )}
      <button type="button" class="button small" onClick={onClose}>
        {text("close")}
      </button>
      <div role="alert">{failed && <p class="error">{text("not_played")}</p>}</div>
    </div>
  );
}
