// Leave at once: by the button or by pressing Shift three times. Drafts on this device go first.

const link = document.querySelector("[data-exit]");

function leave() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("sw-draft:")) localStorage.removeItem(key);
    }
  } catch {
    // Storage is shut: leaving matters more.
  }
  document.body.replaceChildren();
  document.title = "…";
  location.replace(link.href);
}

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  document.addEventListener("keyup", (event) => {
    presses = event.key === "Shift" ? [...presses.slice(-2), event.timeStamp] : [];
    if (presses.length === 3 && presses[2] - presses[0] < 3000) leave();
  });
}
