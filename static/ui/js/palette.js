// The command palette: arrows move, Enter opens. Its results are links rendered by the search page.
const palette = document.getElementById("palette");

if (palette) {
  const input = palette.querySelector("input");
  const options = () => [...palette.querySelectorAll("[role=option]")];

  const select = (option) => {
    options().forEach((other, at) => {
      other.id ||= `hit-${at}`;
      other.setAttribute("aria-selected", String(other === option));
    });
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };

  palette.addEventListener("opened", () => {
    input.select();
    input.dispatchEvent(new Event("opened"));
  });

  palette.addEventListener("htmx:afterSwap", () => select(options()[0]));

  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      select(all[(at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && all[at]) {
      event.preventDefault();
      all[at].click();
    }
  });
}
