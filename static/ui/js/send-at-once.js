// A form with data-send-at-once goes on by itself; its button stays for browsers without scripts.
document.querySelector("form[data-send-at-once]")?.requestSubmit();
