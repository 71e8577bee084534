// On every page: focus the error summary, show conditional questions, send a form once, buttons that need scripts.

const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const label = field.closest("fieldset")?.querySelector("legend") ?? field.closest(".sw-form-group");
    (label ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

function answers(form, name) {
  return [...form.elements]
    .filter((field) => field.name === name && (field.checked || !["radio", "checkbox"].includes(field.type)))
    .map((field) => field.value);
}

function reveal(form) {
  for (const part of form.querySelectorAll("[data-shown-by]")) {
    part.hidden = !answers(form, part.dataset.shownBy).includes(part.dataset.shownWhen);
  }
}

for (const form of document.querySelectorAll("form")) {
  reveal(form);
  form.addEventListener("change", () => reveal(form));
}
document.addEventListener("sw:restored", (event) => reveal(event.target));

function setSent(form, sent) {
  form.toggleAttribute("data-sent", sent);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-disabled", String(sent));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute("data-sent")) event.preventDefault();
  else setSent(form, true);
});

// Back from the cache of the browser: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => setSent(form, false));
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("[role=status]").textContent = button.dataset.copied;
  });
}
