// What every page does: says what htmx could not do, copies, and sends a form only once.
(() => {
  const words = () => document.getElementById("words").dataset;

  let notice;
  const tell = (kind, text) => {
    notice = Object.assign(document.createElement("div"), { className: `notice ${kind}`, role: "alert", textContent: text });
    document.getElementById("notices").replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  window.infitah = { tell, words };

  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    tell("late", page.querySelector("[data-sentence]")?.textContent.trim() || words().failed);
  });
  document.addEventListener("htmx:sendError", () => tell("wait", words().offline));
  document.addEventListener("allauth.error", () => tell("late", words().failed));

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    (button.querySelector("span") || button).textContent = words().copied;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    delete event.target.dataset?.sent;
    if (event.detail.successful) notice?.remove(); // what it said has passed
  });

  const face = () => document.querySelector("form .errors")?.focus();
  document.addEventListener("htmx:afterSwap", face);
  face();

  const close = (event) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (event.key === "Escape") menu.firstElementChild.focus();
    else if (event.type !== "click" || menu.contains(event.target)) return;
    menu.open = false;
  });
  document.addEventListener("click", close);
  document.addEventListener("keydown", close);
})();
