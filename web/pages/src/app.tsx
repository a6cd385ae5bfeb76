/** Who is signed in, and which page is shown. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError, api, asApiError } from "./api";
import { AccountPage } from "./account_page";
import { CallsPage } from "./calls_page";
import { DeskPage } from "./desk_page";
import { FloorPage } from "./floor_page";
import { Header } from "./header";
import { useLanguage } from "./language";
import { PeoplePage } from "./people_page";
import { ReportPage } from "./report_page";
import { ScriptsPage } from "./scripts_page";
import { SignInPage } from "./sign_in_page";
import { WhyPage } from "./why_page";
import type { Me, RouteName } from "./wire";

export type PageName = "desk" | "floor" | "calls" | "report" | "why" | "scripts" | "people" | "account";

const NEEDS: Readonly<Record<PageName, RouteName>> = {
  desk: "desk_live",
  floor: "live",
  calls: "call_choices",
  report: "pictures",
  why: "why",
  scripts: "script_save",
  people: "accounts",
  account: "sessions",
};

export function pagesOf(me: Me): readonly PageName[] {
  return (["desk", "floor", "calls", "report", "why", "scripts", "people", "account"] as const).filter((page) => me.may_use.includes(NEEDS[page]));
}

function wantedPage(): string {
  return location.pathname.slice(1);
}

type Session =
  | { readonly kind: "asking" }
  | { readonly kind: "failed"; readonly error: ApiError }
  | { readonly kind: "out"; readonly because: ApiError | null }
  | { readonly kind: "in"; readonly me: Me };

function useSession() {
  const [session, setSession] = useState<Session>({ kind: "asking" });
  const ask = useCallback(async () => {
    setSession({ kind: "asking" });
    try {
      const { me } = await api.session();
      setSession(me === null ? { kind: "out", because: null } : { kind: "in", me });
    } catch (thrown) {
      setSession({ kind: "failed", error: asApiError(thrown) });
    }
  }, []);
  useEffect(() => void ask(), [ask]);
  return { session, setSession, ask };
}

function usePageName(): [string, (page: PageName) => void] {
  const [page, setPage] = useState(wantedPage);
  useEffect(() => {
    const follow = () => setPage(wantedPage());
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const open = useCallback((wanted: PageName) => {
    history.pushState(null, "", `/${wanted}`);
    setPage(wanted);
  }, []);
  return [page, open];
}

function Failed({ error, onRetry }: { readonly error: ApiError; readonly onRetry: () => void }) {
  const { text } = useLanguage();
  return (
    <main class="notice">
      <p role="alert">{text(...error.text)}</p>
      <button type="button" class="button" onClick={onRetry}>
        {text("retry")}
      </button>
    </main>
  );
}

function SignedIn(props: { readonly me: Me; readonly onLeave: () => void; readonly onOver: () => void }) {
  const { text } = useLanguage();
  const [wanted, open] = usePageName();
  const pages = pagesOf(props.me);
  const page = pages.find((name) => name === wanted) ?? pages[0];
  useEffect(() => {
    document.title = page === undefined ? text("product") : `${text(`nav_${page}`)} · Callfloor`;
  }, [page, text]);
  return (
    <>
      <Header me={props.me} pages={pages} page={page} onOpen={open} onSignOut={props.onLeave} />
      <main id="content" tabIndex={-1}>
        {page === "desk" && <DeskPage onSignedOut={props.onOver} />}
        {page === "floor" && <FloorPage me={props.me} onSignedOut={props.onOver} />}
        {page === "calls" && <CallsPage me={props.me} onSignedOut={props.onOver} />}
        {page === "report" && <ReportPage me={props.me} onSignedOut={props.onOver} />}
        {page === "why" && <WhyPage onSignedOut={props.onOver} />}
        {page === "scripts" && <ScriptsPage onSignedOut={props.onOver} />}
        {page === "people" && <PeoplePage onSignedOut={props.onOver} />}
        {page === "account" && <AccountPage onSignedOut={props.onOver} />}
        {page === undefined && <p class="notice">{text("nothing_for_role")}</p>}
      </main>
    </>
  );
}

export function App() {
  const { text } = useLanguage();
  const { session, setSession, ask } = useSession();
  const leave = useCallback(async () => {
    try {
      await api.signOut();
    } finally {
      setSession({ kind: "out", because: null });
    }
  }, []);
  const over = useCallback(() => {
    setSession({ kind: "out", because: new ApiError(401, "not-signed-in", "", 0) });
  }, []);
  switch (session.kind) {
    case "asking":
      return <main class="notice">{text("loading")}</main>;
    case "failed":
      return <Failed error={session.error} onRetry={() => void ask()} />;
    case "out":
      return (
        <SignInPage because={session.because} onDone={(me) => setSession({ kind: "in", me })} />
      );
    case "in":
      return <SignedIn me={session.me} onLeave={() => void leave()} onOver={over} />;
  }
}
