// The page that a sign-in ends at when it did not work: what the service says of it gets our words around it.
import { showBanner } from "/assets/page/banner.js";
import { make } from "/assets/page/elements.js";
import { failureWord, menderText, sentence } from "/assets/page/wording.js";
import { texts } from "/assets/texts/en.js";

const panel = document.getElementById("failure");
const { code, mender } = panel.dataset;
const retry = panel.querySelector("a");
for (const line of panel.querySelectorAll("p")) line.textContent = sentence(line.textContent);

showBanner("sign-in", null);
const heading = make("h1", { tabindex: "-1", text: texts.signIn.failed });
panel.prepend(heading, ...[failureWord(code)].filter(Boolean).map((text) => make("p", {}, make("strong", { text }))));
if (menderText(mender)) panel.insertBefore(make("p", { text: menderText(mender) }), retry);
if (retry) retry.textContent = texts.signIn.again;
heading.focus();
