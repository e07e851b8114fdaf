// Comforts of the long form. Everything works without them.

// Rows: one blank row is enough to begin with; more come when asked for.
for (const rows of document.querySelectorAll("[data-rows]")) {
  const lines = () => [...rows.querySelectorAll("[data-row]")];
  const isBlank = (line) => [...line.querySelectorAll("input, select")].every((control) => !control.value || control.matches("[name=grant_access]"));
  const clear = (line) => {
    for (const control of line.querySelectorAll("input, select")) {
      if (control.matches("select")) control.selectedIndex = 0; else control.value = "";
    }
  };
  lines().filter(isBlank).slice(1).forEach((line) => line.remove());

  const add = document.createElement("button");
  add.type = "button";
  add.className = "btn btn-sm btn-outline-secondary";
  add.textContent = rows.dataset.rows;
  add.addEventListener("click", () => {
    const line = lines().at(-1).cloneNode(true);
    clear(line);
    line.setAttribute("aria-label", `Row ${lines().length + 1}`);
    add.before(line);
    line.querySelector("input, select").focus();
  });
  rows.append(add);
}

// Suggestions of organisations: asked for while typing, for every row alike.
for (const place of document.querySelectorAll("[data-suggest]")) {
  let waiting;
  place.addEventListener("input", (event) => {
    if (!event.target.matches("[list=organisation-options]") || event.target.value.trim().length < 2) return;
    clearTimeout(waiting);
    const address = `${place.dataset.suggest}?q=${encodeURIComponent(event.target.value)}`;
    waiting = setTimeout(() => htmx.ajax("GET", address, { target: "#organisation-options", swap: "outerHTML" }), 250);
  });
}

// A long list of choices can be narrowed down; what is ticked stays in sight.
for (const list of document.querySelectorAll("[data-filter-label]")) {
  const choices = [...list.querySelectorAll(".choice")];
  if (choices.length < 9) continue;
  const filter = document.createElement("input");
  filter.type = "search";
  filter.className = "form-control form-control-sm choice-filter";
  filter.placeholder = list.dataset.filterLabel;
  filter.setAttribute("aria-label", list.dataset.filterLabel);
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const choice of choices) {
      choice.hidden = !choice.textContent.toLowerCase().includes(wanted) && !choice.querySelector("input").checked;
    }
  });
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.querySelector(".choices").before(filter);
}

// A folded principle tells its rating, also the one just chosen.
document.addEventListener("change", (event) => {
  const told = event.target.closest(".principle")?.querySelector(".principle-rated");
  if (told && event.target.type === "radio") told.textContent = event.target.closest("label").textContent.trim();
});

// Before text that isn't saved is left behind, the browser asks.
const guarded = document.querySelector("form[data-guard]");
if (guarded) {
  let unsaved = "unsaved" in guarded.dataset;
  guarded.addEventListener("input", (event) => {
    if (event.target.name) unsaved = true;
  });
  guarded.addEventListener("submit", () => {
    unsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}

// A link to a field that is folded away unfolds it first.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  for (let fold = field?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
});
