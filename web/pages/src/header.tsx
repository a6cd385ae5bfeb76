/** The bar on top: pages, language, who is signed in. */

import type { PageName } from "./app";
import { LanguageSwitch, useLanguage } from "./language";
import logo from "./icon.svg";
import type { Me } from "./wire";

export function Brand() {
  return (
    <span class="brand">
      <img src={logo} alt="" width="28" height="28" />
      Callfloor
    </span>
  );
}

interface Props {
  readonly me: Me;
  readonly pages: readonly PageName[];
  readonly page: PageName | undefined;
  readonly onOpen: (page: PageName) => void;
  readonly onSignOut: () => void;
}

export function Header({ me, pages, page, onOpen, onSignOut }: Props) {
  const { text } = useLanguage();
  return (
    <header class="header">
      <a class="skip" href="#content">
        {text("skip")}
      </a>
      <Brand />
      <nav aria-label={text("nav")}>
        {pages.map((name) => (
          <a
            key={name}
            href={`/${name}`}
            aria-current={name === page ? "page" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onOpen(name);
            }}
          >
            {text(`nav_${name}`)}
          </a>
        ))}
      </nav>
      <div class="header-end">
        <LanguageSwitch />
        <span class="who">
          {me.login}
          <span class="role">{text(`role.${me.role}`)}</span>
        </span>
        <button type="button" class="button quiet" onClick={onSignOut}>
          {text("sign_out")}
        </button>
      </div>
    </header>
  );
}
