// What is shown to somebody who is not signed in, or no longer.
import { make } from "./elements.js";
import { texts } from "/assets/texts/en.js";

/** The panel for signing in; `hasEnded` where a session was there before. */
export function signInPanel(session, { hasEnded = false } = {}) {
  const heading = make("h1", { tabindex: "-1", text: hasEnded ? texts.signIn.ended : texts.signIn.heading });
  const panel = make(
    "section", { class: "panel alone" }, heading,
    make("p", { text: hasEnded ? texts.signIn.endedLead : texts.signIn.lead }));
  if (session?.signInPath) {
    // A portal's address may be another site's, and may have a query of its own.
    const address = new URL(session.signInPath, location.href);
    address.searchParams.set("returnTo", location.pathname);
    panel.append(make("a", { class: "button primary", href: address.href, text: hasEnded ? texts.signIn.again : texts.signIn.button }));
  } else {
    panel.append(make("p", { text: session?.mode === "none" ? texts.signIn.none : texts.signIn.portal }));
  }
  return { panel, heading };
}
