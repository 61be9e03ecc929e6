// Keys: Ctrl/Cmd K, "/", "?", "g" then a letter, and data-shortcut="n". Never while someone is typing.
let waitingForPlace = false;

const press = (selector) => {
  const element = document.querySelector(selector);
  element?.click();
  return !!element;
};

const open = (id) => {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  dialog.dispatchEvent(new Event("opened"));
  return true;
};

const focusFilter = () => {
  const field = document.querySelector("main [data-search], main input[type=search]");
  field?.focus();
  field?.select();
  return !!field;
};

const act = (key) => {
  if (waitingForPlace) return press(`[data-go="${CSS.escape(key)}"]`);
  if (key === "/") return focusFilter();
  if (key === "?") return open("shortcuts");
  return press(`[data-shortcut="${CSS.escape(key)}"]`);
};

document.addEventListener("keydown", (event) => {
  const { key } = event;
  if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") {
    if (open("palette")) event.preventDefault();
    return;
  }
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || key.length !== 1) return;
  if (act(key)) event.preventDefault();
  waitingForPlace = !waitingForPlace && key === "g";
  if (waitingForPlace) setTimeout(() => { waitingForPlace = false; }, 1500);
});
