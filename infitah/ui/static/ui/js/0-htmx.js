// htmx comes when a person reaches for a form, or for what asks for a part of the page; readers never fetch it.
(() => {
  let isThere = !document.querySelector("[hx-get], [hx-post]");
  const fetchIt = (sign) => {
    if (isThere || (sign && !sign.target.closest("form, [hx-get], [hx-post]"))) return;
    isThere = true;
    const come = () => document.head.append(Object.assign(document.createElement("script"), { src: document.getElementById("words").dataset.htmx, onload: () => document.dispatchEvent(new Event("infitah:htmx")) }));
    if (document.readyState === "complete") come();
    else addEventListener("load", come);
  };
  document.addEventListener("pointerover", fetchIt);
  document.addEventListener("focusin", fetchIt);
  if (document.querySelector("[data-rows]")) fetchIt();
})();
