// A report survives a closed tab: what was typed is kept on this device for a day, until the receipt or a quick exit.

const DAY = 24 * 60 * 60 * 1000;
const PREFIX = "sw-draft:";

function kept(field) {
  return field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
}

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft && Date.now() - draft.at < DAY) return draft.values;
    localStorage.removeItem(key);
  } catch {
    // Storage is shut or the draft is damaged: the form simply starts empty.
  }
  return null;
}

function write(form, key) {
  const values = {};
  for (const field of [...form.elements].filter(kept)) {
    const choice = ["radio", "checkbox"].includes(field.type);
    if (choice ? field.checked : field.value) (values[field.name] ??= []).push(field.value);
  }
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
  } catch {
    // Storage is full or shut: typing goes on without a draft.
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Storage is shut: there is nothing to forget.
  }
}

function restore(form, values) {
  for (const field of [...form.elements].filter(kept)) {
    const answer = values[field.name] ?? [];
    if (["radio", "checkbox"].includes(field.type)) field.checked = answer.includes(field.value);
    else if (answer.length) field.value = answer[0];
  }
  form.dispatchEvent(new CustomEvent("sw:restored", { bubbles: true, detail: values }));
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = PREFIX + form.dataset.draft;
  const note = form.querySelector("[data-draft-note]");
  const draft = form.hasAttribute("data-typed") ? null : read(key);
  if (draft) {
    restore(form, draft);
    if (note) note.hidden = false;
  }
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 300, form, key);
  });
  window.addEventListener("pagehide", () => {
    if (waiting && document.contains(form)) write(form, key);
    waiting = 0;
  });
  form.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
    clearTimeout(waiting);
    waiting = 0;
    forget(key);
    form.reset();
    form.dispatchEvent(new Event("sw:restored", { bubbles: true }));
    if (note) note.hidden = true;
  });
}

for (const done of document.querySelectorAll("[data-draft-done]")) forget(PREFIX + done.dataset.draftDone);
