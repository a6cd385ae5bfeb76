/** Accounts of the organisation, new ones, and the audit log. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { useLanguage } from "./language";
import type { AccountList, AuditList, NewAccount, Role } from "./wire";
import { useFailure } from "./use_failure";
import { ScrollBox } from "./scroll_box";

const ROLES: readonly Role[] = ["agent", "leader", "supervisor", "hr", "operations", "client"];

function AddForm({ onAdd }: { readonly onAdd: (account: NewAccount) => void }) {
  const { text } = useLanguage();
  const [role, setRole] = useState<Role>("agent");
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const value = (name: string) => String(fields.get(name) ?? "").trim();
    onAdd({
      login: value("login"),
      password: String(fields.get("password") ?? ""),
      role,
      agent: value("agent") === "" ? null : value("agent"),
      name: value("name"),
    });
    form.reset();
  };
  return (
    <form class="add-form" onSubmit={add}>
      <label>
        {text("login")}
        <input name="login" required pattern="[a-z0-9][a-z0-9._\-]{0,39}" autocomplete="off" />
      </label>
      <label>
        {text("name")}
        <input name="name" maxLength={80} />
      </label>
      <label>
        {text("password")}
        <input name="password" type="password" required minLength={10} autocomplete="new-password" />
      </label>
      <label>
        {text("role")}
        <select value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {text(`role.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text("seat")}
        <input name="agent" required={role === "agent"} pattern="[a-z0-9][a-z0-9_\-]{0,39}" placeholder="agent-2001" />
      </label>
      <button type="submit" class="button primary">
        {text("add_account")}
      </button>
    </form>
  );
}

export function PeoplePage({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const { text, language } = useLanguage();
  const [accounts, setAccounts] = useState<AccountList | null>(null);
  const [audit, setAudit] = useState<AuditList | null>(null);
  const { error, fail, forget } = useFailure(onSignedOut);
  const read = () => {
    api.accounts().then(setAccounts, fail);
    api.audit().then(setAudit, fail);
  };
  useEffect(read, []);
  const act = (work: Promise<unknown>) => {
    forget();
    work.then(read, fail);
  };
  return (
    <div class="page">
      <h1 class="page-title">{text("nav_people")}</h1>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      <section class="card padded" aria-labelledby="add-title">
        <div class="card-head">
          <h2 id="add-title">{text("add_account")}</h2>
        </div>
        <AddForm onAdd={(account) => act(api.accountAdd(account))} />
      </section>
      <section class="card" aria-labelledby="people-title">
        <div class="card-head">
          <h2 id="people-title">{text("accounts")}</h2>
        </div>
        <ScrollBox labelledBy="people-title">
          <table>
            <thead>
              <tr>
                <th scope="col">{text("login")}</th>
                <th scope="col">{text("role")}</th>
                <th scope="col">{text("seat")}</th>
                <th scope="col" class="figure">{text("sessions")}</th>
                <th scope="col">{text("second_factor")}</th>
                <th scope="col">{text("actions")}</th>
              </tr>
            </thead>
            <tbody>
              {accounts?.accounts.map((one) => (
                <tr key={one.login} data-account={one.login}>
                  <th scope="row">{one.login}</th>
                  <td>{text(`role.${one.role}`)}</td>
                  <td>{one.agent ?? ""}</td>
                  <td class="figure">{one.sessions}</td>
                  <td>{one.has_second_factor ? "✓" : ""}</td>
                  <td>
                    <button
                      type="button"
                      class="button small"
                      disabled={one.sessions === 0}
                      onClick={() => act(api.accountRevoke(one.login))}
                    >
                      {text("end_sessions")}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </section>
      <section class="card" aria-labelledby="audit-title">
        <div class="card-head">
          <h2 id="audit-title">{text("audit_log")}</h2>
        </div>
        <ScrollBox labelledBy="audit-title" tall>
          <table>
            <thead>
              <tr>
                <th scope="col">{text("when")}</th>
                <th scope="col">{text("login")}</th>
                <th scope="col">{text("address")}</th>
                <th scope="col">{text("action")}</th>
                <th scope="col">{text("result")}</th>
              </tr>
            </thead>
            <tbody>
              {audit?.lines.map((line) => (
                <tr key={line.audit_id}>
                  <td>{new Date(line.at).toLocaleString(language)}</td>
                  <td>{line.login}</td>
                  <td>{line.address}</td>
                  <td>
                    {line.action} <span class="muted">{line.subject}</span>
                  </td>
                  <td class="figure">{line.status ?? "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </section>
    </div>
  );
}
