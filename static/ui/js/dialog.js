// data-dialog="id" opens a dialog; a press on the backdrop closes it. Focus returns by itself.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
    dialog.dispatchEvent(new Event("opened"));
    return;
  }
  if (event.target.matches?.("dialog.dialog[open]")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});
