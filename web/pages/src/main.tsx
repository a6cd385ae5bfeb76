import { render } from "preact";
import { App } from "./app";
import { LanguageProvider } from "./language";

const root = document.getElementById("root");
if (root !== null) {
  render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
    root,
  );
}
