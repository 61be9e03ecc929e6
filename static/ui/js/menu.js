// Places a menu below its button where the browser cannot do that from CSS alone.
const MARGIN = 8; // pixels from the edge of the window

if (!CSS.supports("position-area", "block-end")) {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches?.(".menu[popover]")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`)?.getBoundingClientRect();
    if (!button) return;
    const fitsBelow = button.bottom + menu.offsetHeight + MARGIN < innerHeight;
    const left = Math.min(Math.max(button.right - menu.offsetWidth, MARGIN), innerWidth - menu.offsetWidth - MARGIN);
    menu.style.setProperty("left", `${left}px`);
    menu.style.setProperty("top", `${fitsBelow ? button.bottom : Math.max(button.top - menu.offsetHeight - MARGIN, MARGIN)}px`);
  }, true);
}
