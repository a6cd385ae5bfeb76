/** The page's language: remembered, else the browser's. */

import { createContext, type ComponentChildren } from "preact";
import { useCallback, useContext, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { en, type TextKey, type Texts } from "./locales/en";
import { zh } from "./locales/zh";

export type Language = "en" | "zh";
type Values = Readonly<Record<string, string | number>>;

const TEXTS: Readonly<Record<Language, Texts>> = { en, zh };
const HTML_LANG: Readonly<Record<Language, string>> = { en: "en", zh: "zh-CN" };
const REMEMBERED = "callfloor.language";

function firstLanguage(): Language {
  const remembered = localStorage.getItem(REMEMBERED);
  if (remembered === "en" || remembered === "zh") return remembered;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

interface LanguageContext {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly text: (key: TextKey, values?: Values) => string;
  readonly count: (value: number) => string;
  /** The text `kind.value`, or the value itself where a newer server knows more words than this page. */
  readonly word: (kind: string, value: string) => string;
}

const Context = createContext<LanguageContext | null>(null);

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function LanguageProvider({ children }: { readonly children: ComponentChildren }) {
  const [language, setState] = useState(firstLanguage);
  const setLanguage = useCallback((wanted: Language) => {
    localStorage.setItem(REMEMBERED, wanted);
    setState(wanted);
  }, []);
  useLayoutEffect(() => {
    document.documentElement.lang = HTML_LANG[language];
  }, [language]);
  const value = useMemo<LanguageContext>(() => {
    const numbers = new Intl.NumberFormat(HTML_LANG[language]);
    return {
      language,
      setLanguage,
      text: (key, values = {}) => fill(TEXTS[language][key], values),
      count: (n) => numbers.format(n),
      word: (kind, value) => {
        const key = `${kind}.${value}`;
        return key in en ? TEXTS[language][key as TextKey] : value;
      },
    };
  }, [language, setLanguage]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useLanguage(): LanguageContext {
  const context = useContext(Context);
  if (context === null) throw new Error("LanguageProvider is missing");
  return context;
}

export function LanguageSwitch() {
  const { language, setLanguage, text } = useLanguage();
  const option = (value: Language, label: string) => (
    <button
      type="button"
      class="switch-option"
      lang={HTML_LANG[value]}
      aria-pressed={language === value}
      onClick={() => setLanguage(value)}
    >
      {label}
    </button>
  );
  return (
    <div class="switch" role="group" aria-label={text("language")}>
      {option("en", "English")}
      {option("zh", "中文")}
    </div>
  );
}
