/** Asks before something is done. A modal dialog keeps the keyboard inside and gives the focus back. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useLanguage } from "./language";

interface Props {
  readonly question: string;
  readonly action: string;
  /** Ask for a reason, too; it is handed to onEnd. */
  readonly wantsReason?: boolean;
  /** Ask for one of these, too; it is handed to onEnd as the reason. */
  readonly choice?: { readonly label: string; readonly options: readonly string[] } | undefined;
  readonly onEnd: (sure: boolean, reason: string) => void;
}

export function ConfirmDialog(props: Props) {
  const { text } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  const end = (sure: boolean) => {
    dialog.current?.close();
    props.onEnd(sure, reason.trim());
  };
  const { choice } = props;
  const lacksReason = (props.wantsReason === true || choice !== undefined) && reason.trim() === "";
  return (
    <dialog ref={dialog} class="card" onCancel={() => props.onEnd(false, "")}>
      <p>{props.question}</p>
      {props.wantsReason === true && (
        <label>
          {text("reason")}
          <input
            maxLength={40}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
      )}
      {choice !== undefined && (
        <label>
          {choice.label}
          <select value={reason} onChange={(event) => setReason(event.currentTarget.value)}>
            <option value="" disabled />
            {choice.options.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </select>
        </label>
      )}
      <div class="dialog-end">
        <button type="button" class="button" onClick={() => end(false)}>
          {text("cancel")}
        </button>
        <button type="button" class="button primary" disabled={lacksReason} onClick={() => end(true)}>
          {props.action}
        </button>
      </div>
    </dialog>
  );
}
