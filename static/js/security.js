// Passkeys: between the browser, which holds them, and the site's forms. The rest of signing in works without this.

const TROUBLE = {
  NotAllowedError: "It was called off, took too long, or no passkey for this site is here. Try again.",
  SecurityError: "Passkeys don't work at this address. Open the site by its name, not by a number, and with https.",
  InvalidStateError: "This device holds a passkey of yours for this site already.",
};

const options = () => JSON.parse(document.getElementById("passkey-options").textContent);

// How the browser is asked, for each kind of form.
const ASK = {
  async "sign-in"(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return webauthnJSON.get((await answer.json()).request_options);
  },
  use: () => webauthnJSON.get(options().request_options),
  add(form) {
    const { creation_options: wanted } = options();
    const alone = form.elements.passwordless.checked;
    Object.assign(wanted.publicKey.authenticatorSelection, {
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone && { userVerification: "required" }),
    });
    return webauthnJSON.create(wanted);
  },
};

if (window.webauthnJSON?.supported()) {
  document.querySelector("[data-passkey-missing]")?.remove();
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const trouble = form.querySelector("[data-passkey-trouble]");
      trouble.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ASK[form.dataset.passkey](form));
        form.submit();
      } catch (error) {
        trouble.textContent = TROUBLE[error.name] ?? "This browser could not use a passkey. Take another way.";
        trouble.hidden = false;
      }
    });
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
