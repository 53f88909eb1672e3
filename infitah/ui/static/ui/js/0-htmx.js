// htmx comes with the first sign that a person will act on the page; readers never fetch it.
(() => {
  const signs = ["pointerover", "touchstart", "focusin", "keydown"];
  const fetchIt = () => {
    signs.forEach((sign) => document.removeEventListener(sign, fetchIt));
    if (!document.querySelector("[hx-get], [hx-post]")) return;
    const come = () => document.head.append(Object.assign(document.createElement("script"), { src: document.getElementById("words").dataset.htmx, onload: () => document.dispatchEvent(new Event("infitah:htmx")) }));
    if (document.readyState === "complete") come();
    else addEventListener("load", come);
  };
  signs.forEach((sign) => document.addEventListener(sign, fetchIt, { passive: true }));
  if (document.querySelector("[data-rows]")) fetchIt();
})();
