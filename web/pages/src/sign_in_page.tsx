/** Signing in. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api, asApiError, type ApiError } from "./api";
import { Brand } from "./header";
import { LanguageSwitch, useLanguage } from "./language";
import type { Me } from "./wire";

function needsCode(error: ApiError): boolean {
  return error.id === "code-needed" || error.id === "wrong-code";
}

interface Props {
  readonly because: ApiError | null;
  readonly onDone: (me: Me) => void;
}

export function SignInPage({ because, onDone }: Props) {
  const { text } = useLanguage();
  const [error, setError] = useState(because);
  const [busy, setBusy] = useState(false);
  const login = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const given = useRef<HTMLInputElement>(null);
  const [wantsCode, setWantsCode] = useState(false);
  useEffect(() => {
    document.title = `${text("sign_in")} · Callfloor`;
  }, [text]);
  useEffect(() => login.current?.focus(), []);
  useEffect(() => {
    if (wantsCode) given.current?.focus();
  }, [wantsCode]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (login.current === null || password.current === null) return;
    setBusy(true);
    try {
      const code = wantsCode && given.current !== null ? given.current.value.trim() : null;
      onDone(await api.signIn({ login: login.current.value, password: password.current.value, code }));
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
      if (needsCode(asApiError(thrown))) setWantsCode(true);
      else password.current.select();
    }
  };

  return (
    <main class="sign-in">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <div class="sign-in-head">
          <h1>
            <Brand />
          </h1>
          <LanguageSwitch />
        </div>
        <p class="muted">{text("sign_in_hint")}</p>
        <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
        <label>
          {text("login")}
          <input
            ref={login}
            name="login"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </label>
        <label>
          {text("password")}
          <input ref={password} name="password" type="password" autocomplete="current-password" required />
        </label>
        {wantsCode && (
          <label>
            {text("code")}
            <input ref={given} inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" required />
          </label>
        )}
        <button type="submit" class="button primary" disabled={busy}>
          {text(busy ? "signing_in" : "sign_in")}
        </button>
      </form>
    </main>
  );
}
