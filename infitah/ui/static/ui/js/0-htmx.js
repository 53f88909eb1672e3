// htmx comes when a person reaches for a form, or for what asks for a part of the page; readers never fetch it.
(() => {
  const signs = ["pointerover", "focusin"];
  const fetchIt = (sign) => {
    if (sign && !sign.target.closest("form, [hx-get], [hx-post]")) return;
    signs.forEach((sign) => document.removeEventListener(sign, fetchIt));
    if (!document.querySelector("[hx-get], [hx-post]")) return;
    const come = () => document.head.append(Object.assign(document.createElement("script"), { src: document.getElementById("words").dataset.htmx, onload: () => document.dispatchEvent(new Event("infitah:htmx")) }));
    if (document.readyState === "complete") come();
    else addEventListener("load", come);
  };
  signs.forEach((sign) => document.addEventListener(sign, fetchIt, { passive: true }));
  if (document.querySelector("[data-rows]")) fetchIt();
})();
