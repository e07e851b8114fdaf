// What is typed is kept every few seconds, and on leaving. Without JavaScript, "Save draft" does it.

const kept = document.getElementById("kept");
if (kept) {
  const form = kept.closest("form");
  const asTyped = () => new URLSearchParams(new FormData(form)).toString();
  let last = "unsaved" in form.dataset ? null : asTyped(); // what the server has of it
  let sending = null;
  let submitted = false;
  let signedOut = false;

  const say = (text, trouble) => {
    if (kept.textContent !== text) kept.textContent = text;
    kept.classList.toggle("is-trouble", trouble);
  };

  kept.addEventListener("htmx:beforeRequest", (event) => {
    sending = asTyped();
    if (submitted || sending === last) event.preventDefault();
  });
  kept.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    event.detail.shouldSwap = false;
    event.stopPropagation(); // it says itself what has become of it
    signedOut = xhr.status === 401;
    if (signedOut) return say(kept.dataset.signedOut, true);
    if (xhr.status === 403) return renewToken();
    if (xhr.status >= 500 || xhr.status === 404) return say(kept.dataset.failed, true);
    if (xhr.status === 200) last = sending;
    say(xhr.responseText.trim(), xhr.status !== 200);
  });
  kept.addEventListener("htmx:sendError", () => say(kept.dataset.failed, true));

  // Signing in again, in another tab, changes the token against forgery: the page's own one is out of date then.
  let renewed = false;
  const renewToken = async () => {
    if (renewed) return say(kept.dataset.failed, true);
    renewed = true;
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form.log-form [name=csrfmiddlewaretoken]")?.value;
    if (!token) return say(kept.dataset.signedOut, true);
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    await htmx.ajax("POST", kept.getAttribute("hx-post"), { source: kept, swap: "none" });
    renewed = false;
  };

  form.addEventListener("submit", (event) => {
    if (signedOut) { // sent now, it would end at the sign-in page; back from there, it can be
      event.preventDefault();
      htmx.trigger(kept, "keep");
      return;
    }
    submitted = true;
    htmx.trigger(kept, "htmx:abort");
  });
  addEventListener("pageshow", (event) => { if (event.persisted) submitted = false; });

  const leave = () => {
    const typed = asTyped();
    if (submitted || typed === last || typed.length > 60000) return; // browsers send no more than 64 KB on leaving
    last = typed;
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" };
    headers["X-CSRFToken"] = form.querySelector("[name=csrfmiddlewaretoken]").value;
    fetch(kept.getAttribute("hx-post"), { method: "POST", body: typed, headers, keepalive: true }).catch(() => { last = null; });
  };
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
    else if (signedOut) htmx.trigger(kept, "keep");
  });

  if (last === null) kept.addEventListener("htmx:afterProcessNode", () => htmx.trigger(kept, "keep"), { once: true });
}
