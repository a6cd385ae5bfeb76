/** Signing in. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api, asApiError, type ApiError } from "./api";
import { Brand } from "./header";
import { LanguageSwitch, useLanguage } from "./language";
import type { Me } from "./wire";

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
  useEffect(() => {
    document.title = `${text("sign_in")} · Callfloor`;
  }, [text]);
  useEffect(() => login.current?.focus(), []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (login.current === null || password.current === null) return;
    setBusy(true);
    try {
      onDone(await api.signIn({ login: login.current.value, password: password.current.value }));
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
      password.current.select();
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
        <button type="submit" class="button primary" disabled={busy}>
          {text(busy ? "signing_in" : "sign_in")}
        </button>
      </form>
    </main>
  );
}
