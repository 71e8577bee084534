// Townships appear as soon as a county is chosen; without scripts a button loads them.

for (const part of document.querySelectorAll("[data-places]")) {
  const [county, township] = part.querySelectorAll("select");
  const step = part.querySelector("[data-places-step]");
  const blank = township.options[0];
  let asked = "";

  const fill = async (wanted) => {
    const code = county.value;
    asked = code;
    township.replaceChildren(blank);
    if (!code) return;
    try {
      const answer = await fetch(`/api/v1/territories/${code}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const { children } = await answer.json();
      if (asked !== code) return;
      township.append(...children.map((place) => new Option(place.name, place.code)));
      township.value = wanted ?? "";
    } catch {
      step.hidden = false; // the network is away: the button is the way
    }
  };

  step.hidden = true;
  county.addEventListener("change", () => fill());
  // A restored draft names a township that is not in the list yet; the draft module set the county before us.
  document.addEventListener("sw:restored", (event) => {
    if (event.target.contains(part)) fill(event.detail?.[township.name]?.[0]);
  });
}
