// The words of a text as they are compared; pipeline/explorer/folding.py does the same with the same table.
const foldingOf = ({ letters, apostrophes, invisible }) => {
  const table = new Map(Object.entries(letters));
  for (const apostrophe of apostrophes) table.set(apostrophe, "");
  const gone = new RegExp(`[${invisible}]`, "gu");
  const word = new RegExp(`[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\u0300-\\u036f]|[${apostrophes}](?=[\\p{L}\\p{N}]))*`, "gu");
  const mapped = (text) => Array.from(text, (letter) => table.get(letter) ?? letter).join("");
  const folded = (text) => {
    const composed = mapped(text.normalize("NFC").toLowerCase());
    return mapped(composed.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, ""));
  };
  // Words as printed, with the place they stand at.
  const tokens = (text) => Array.from(text.matchAll(word), (found) => ({ at: found.index, text: found[0] }));
  const plain = (text) => text.replace(gone, "");
  // What a typed word may be in the index: Ukrainian г stands for ґ too.
  const spellings = (typed) => {
    const first = folded(typed);
    const other = /г/i.test(typed) ? folded(typed.replace(/г/gi, "ґ")) : first;
    return first === other ? [first] : [first, other];
  };
  return { folded, tokens, plain, spellings };
};
