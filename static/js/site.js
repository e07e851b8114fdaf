// Small comforts. Everything works without them.

// A menu closes when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});

// What went wrong is read first.
document.getElementById("error-summary")?.focus();

// A select marked so sends its form at once; its button stays for those without JavaScript.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// Signed out meanwhile: htmx shows no answer that is an error, and this one says what to do.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 401) event.detail.shouldSwap = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.getElementById("signed-out")?.remove();
});

// Where a part of the page was replaced, whoever worked in it by keyboard goes on at its start: without this they would
// begin again at the top of the page. What has an id keeps the focus by htmx itself.
let workedIn;
document.addEventListener("htmx:beforeSwap", (event) => {
  const replaced = event.detail.target;
  workedIn = replaced.contains(document.activeElement) ? replaced.id : null;
});
document.addEventListener("htmx:afterSettle", () => {
  const part = workedIn && document.activeElement === document.body && document.getElementById(workedIn);
  if (!part) return;
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
});
