// Language and colours live in the address behind #, so that a link keeps them and nothing is stored.
// `look.get()` gives the parts of the address, `look.set({key: value})` changes some and keeps the rest (null removes);
// the event `look` on document tells that they changed. Without this script the switches still work, by CSS alone.
const look = (() => {
  "use strict";
  const chosen = { lang: ["pl", "en"], theme: ["auto", "light", "dark"] };
  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // an address typed by hand may hold a lone %
    }
  };
  const get = () => {
    const hash = location.hash.slice(1);
    return new URLSearchParams(hash && !hash.includes("=") ? { at: decoded(hash) } : hash);
  };
  const set = (changes, { push = false } = {}) => {
    const parts = get();
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === "") parts.delete(key);
      else parts.set(key, value);
    }
    const hash = `#${parts}`;
    if (hash !== location.hash) history[push ? "pushState" : "replaceState"](null, "", hash);
    document.dispatchEvent(new Event("look"));
  };
  const language = () => (document.getElementById("lang-en").checked ? "en" : "pl");
  const apply = () => {
    const parts = get();
    for (const [name, values] of Object.entries(chosen)) {
      const value = parts.get(name);
      if (values.includes(value)) document.getElementById(`${name}-${value}`).checked = true;
    }
    told();
  };
  const told = () => {
    document.documentElement.lang = language();
    const title = document.querySelector(`h1 .${language()}`);
    if (title) document.title = title.textContent;
    for (const link of document.querySelectorAll("a[data-keeps-look]")) {
      const kept = new URLSearchParams();
      for (const name of Object.keys(chosen)) if (get().get(name)) kept.set(name, get().get(name));
      link.hash = kept.size ? `#${kept}` : "";
    }
  };
  const go = (id) => {
    const target = document.getElementById(id);
    if (!target) return;
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  };
  document.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (name in chosen && event.target.closest(".switch")) set({ [name]: value });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (!document.getElementById(id)) return;
    event.preventDefault();
    set({ at: id }, { push: true });
    go(id);
  });
  document.addEventListener("look", told);
  addEventListener("hashchange", () => { apply(); document.dispatchEvent(new Event("look")); });
  if (!get().get("lang") && !/^(pl|uk)\b/.test(navigator.language)) document.getElementById("lang-en").checked = true;
  apply();
  if (get().get("at")) go(get().get("at"));
  return { get, set, language };
})();
