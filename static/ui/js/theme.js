// Light, dark or as the device: kept in a cookie so that the server paints the next page right at once.
const root = document.documentElement;

const show = () => {
  const current = root.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === current));
  }
};

document.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-theme-set]")?.dataset.themeSet;
  if (!choice) return;
  if (choice === "system") delete root.dataset.theme;
  else root.dataset.theme = choice;
  const age = choice === "system" ? 0 : 31536000;
  document.cookie = `theme=${choice}; path=/; max-age=${age}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  show();
});

show();
