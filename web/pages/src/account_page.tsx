/** The own account: open sessions, the second factor, the password. */

import { useEffect, useState } from "preact/hooks";
import { api, asApiError, type ApiError } from "./api";
import { useLanguage } from "./language";
import type { SecondFactorOffer, SessionList } from "./wire";
import { ScrollBox } from "./scroll_box";

interface Props {
  readonly onSignedOut: () => void;
}

function useSessions(onFail: (thrown: unknown) => void) {
  const [list, setList] = useState<SessionList | null>(null);
  const read = () => api.sessions().then(setList, onFail);
  useEffect(() => void read(), []);
  return { list, read };
}

function Sessions({ list, onRevoke }: { readonly list: SessionList; readonly onRevoke: (id: string) => void }) {
  const { text, language } = useLanguage();
  return (
    <ScrollBox labelledBy="sessions-title">
      <table>
        <thead>
          <tr>
            <th scope="col">{text("since")}</th>
            <th scope="col">{text("address")}</th>
            <th scope="col">{text("browser")}</th>
            <th scope="col">{text("actions")}</th>
          </tr>
        </thead>
        <tbody>
          {list.sessions.map((one) => (
            <tr key={one.session_id}>
              <td>{new Date(one.created_at).toLocaleString(language)}</td>
              <td>{one.address}</td>
              <td>{one.browser}</td>
              <td>
                {one.is_this ? (
                  text("this_session")
                ) : (
                  <button type="button" class="button small" onClick={() => onRevoke(one.session_id)}>
                    {text("end_session")}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function CodeForm(props: { readonly label: string; readonly onCode: (code: string) => void }) {
  const { text } = useLanguage();
  const [code, setCode] = useState("");
  return (
    <form
      class="code-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onCode(code);
        setCode("");
      }}
    >
      <label>
        {text("code")}
        <input
          inputMode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9]{6}"
          required
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary">
        {props.label}
      </button>
    </form>
  );
}

/** The server ends every session with the old password, this one too. */
function PasswordForm({ onDone, onFail }: { readonly onDone: () => void; readonly onFail: (thrown: unknown) => void }) {
  const { text } = useLanguage();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const differ = again !== "" && fresh !== again;
  const field = (label: string, value: string, set: (value: string) => void, kind: string) => (
    <label>
      {label}
      <input
        type="password"
        autocomplete={kind}
        required
        minLength={kind === "new-password" ? 10 : 1}
        maxLength={200}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
  return (
    <form
      class="steer narrow"
      onSubmit={(event) => {
        event.preventDefault();
        if (!differ) api.password({ old, new: fresh }).then(onDone, onFail);
      }}
    >
      {field(text("old_password"), old, setOld, "current-password")}
      {field(text("new_password"), fresh, setFresh, "new-password")}
      {field(text("repeat_password"), again, setAgain, "new-password")}
      <p class="muted">{text("password_hint")}</p>
      <div role="status">{differ && <p class="error">{text("passwords_differ")}</p>}</div>
      <div>
        <button type="submit" class="button primary" disabled={differ}>
          {text("change_password")}
        </button>
      </div>
    </form>
  );
}

export function AccountPage({ onSignedOut }: Props) {
  const { text } = useLanguage();
  const [error, setError] = useState<ApiError | null>(null);
  const [offer, setOffer] = useState<SecondFactorOffer | null>(null);
  const fail = (thrown: unknown) => {
    const failure = asApiError(thrown);
    if (failure.id === "not-signed-in") onSignedOut();
    else setError(failure);
  };
  const { list, read } = useSessions(fail);
  const act = (work: Promise<unknown>) => {
    setError(null);
    work.then(() => {
      setOffer(null);
      void read();
    }, fail);
  };
  return (
    <div class="page">
      <h1 class="page-title">{text("nav_account")}</h1>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      <section class="card" aria-labelledby="sessions-title">
        <div class="card-head">
          <h2 id="sessions-title">{text("sessions")}</h2>
        </div>
        {list === null ? (
          <p class="empty">{text("loading")}</p>
        ) : (
          <Sessions list={list} onRevoke={(id) => act(api.sessionRevoke(id))} />
        )}
      </section>
      <section class="card padded" aria-labelledby="factor-title">
        <div class="card-head">
          <h2 id="factor-title">{text("second_factor")}</h2>
        </div>
        {list?.has_second_factor === true && (
          <>
            <p>{text("second_factor_on")}</p>
            <CodeForm label={text("turn_off")} onCode={(code) => act(api.totpRemove(code))} />
          </>
        )}
        {list?.has_second_factor === false && offer === null && (
          <button type="button" class="button" onClick={() => api.totpBegin().then(setOffer, fail)}>
            {text("turn_on")}
          </button>
        )}
        {offer !== null && (
          <>
            <p>{text("second_factor_secret")}</p>
            <p>
              <code data-secret>{offer.secret}</code> <a href={offer.uri}>{text("open_authenticator")}</a>
            </p>
            <CodeForm label={text("turn_on")} onCode={(code) => act(api.totpConfirm(code))} />
          </>
        )}
      </section>
      <section class="card padded" aria-labelledby="password-title">
        <div class="card-head">
          <h2 id="password-title">{text("password")}</h2>
        </div>
        <PasswordForm onDone={onSignedOut} onFail={fail} />
      </section>
    </div>
  );
}
