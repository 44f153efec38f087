// Elements made of text: nothing from the data is ever read as markup.
const SVG = "http://www.w3.org/2000/svg";

const filledElement = (made, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
};
const element = (tag, attributes = {}, ...children) => filledElement(document.createElement(tag), attributes, children);
const drawn = (tag, attributes = {}, ...children) => filledElement(document.createElementNS(SVG, tag), attributes, children);

// Characters nobody would see, and those that turn the direction of the text around them, are shown by their code points.
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/;
const MASK = /\[(?:e-mail|telefon|osoba|PESEL|NIP|РНОКПП|rachunek|dowód|…)\]/;
const SPECIAL = new RegExp(`(${MASK.source}|${UNSEEN.source.replaceAll("\\ud800-\\udfff", "")})`);

const shownText = (text) =>
  text.split(SPECIAL).map((part) => {
    if (UNSEEN.test(part) && part.length === 1) {
      return element("span", { class: "code-point" }, `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
    }
    return MASK.test(part) && part.match(MASK)[0] === part ? element("span", { class: "mask" }, part) : part;
  });

// Text of a page: its direction kept apart from what stands around it, in its language where it is known.
const published = (text, language = null) =>
  element("bdi", { lang: language && language !== "und" ? language : null }, shownText(text));

const webAddress = (address) => {
  try {
    return ["http:", "https:"].includes(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
};
const webLink = (address, label = null) => {
  const shown = label ?? published(address);
  return webAddress(address) ? element("a", { href: address, rel: "noreferrer nofollow", target: "_blank" }, shown) : shown;
};
