// Search over the index that pipeline/explorer/postings.py describes. A typed word finds every word it is part of; the ending
// of a longer one may differ, since Polish and Ukrainian words bend.
const EXACT = 4;
const BEGINNING = 3;
const BENT = 2;
const INSIDE = 1;
const LEVELS = [1, 4, 12]; // body, facts and headings, title
const ENDING = /(?:[aeiou]{1,2}|ow|om|em|am|ami|emi|imi|ach|akh|iakh|ikh|ich|ego|emu|oho|omu|iei|nia|niu|nie)$/;

const stemOf = (term) => {
  const stem = term.length >= 6 ? term.replace(ENDING, "") : term;
  return stem.length >= 4 ? stem : term;
};

const searchOf = (vocabulary, lengthBytes, postings, count) => {
  const text = `\n${vocabulary}\n`;
  const starts = [];
  for (let at = 0; at < text.length - 1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const offsets = new Uint32Array(starts.length + 1);
  for (let number = 0, at = 0; number < starts.length; number += 1) {
    let length = 0;
    for (let shift = 0, byte = 128; byte & 128; shift += 7) {
      byte = lengthBytes[at++];
      length |= (byte & 127) << shift;
    }
    offsets[number + 1] = offsets[number] + length;
  }
  const numberAt = (place) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const add = (scores, number, quality) => {
    let record = 0;
    for (let at = offsets[number]; at < offsets[number + 1]; ) {
      let value = 0;
      for (let shift = 0, byte = 128; byte & 128; shift += 7) {
        byte = postings[at++];
        value |= (byte & 127) << shift;
      }
      record += value >> 2;
      const score = quality * LEVELS[value & 3];
      if (score > scores[record]) scores[record] = score;
    }
  };
  const eachWord = (part, take) => {
    for (let at = text.indexOf(part); at >= 0; ) {
      const number = numberAt(at + 1);
      take(number);
      at = text.indexOf(part, starts[number + 1] === undefined ? text.length : starts[number + 1] - 1);
    }
  };
  // How well a word with the number fits the term, 0 when it does not.
  const qualityOf = (number, term) => {
    const end = (starts[number + 1] ?? text.length) - 1;
    if (!text.startsWith(term, starts[number])) return INSIDE;
    return end - starts[number] === term.length ? EXACT : BEGINNING;
  };
  const kept = new Map();
  const scoresOf = (spellings) => {
    const key = spellings.join("\n");
    if (kept.has(key)) return kept.get(key);
    const scores = new Uint8Array(count);
    for (const term of spellings) {
      eachWord(term.length < 2 ? `\n${term}` : term, (number) => add(scores, number, qualityOf(number, term)));
      const stem = stemOf(term);
      if (stem !== term) {
        eachWord(`\n${stem}`, (number) => {
          const length = (starts[number + 1] ?? text.length) - 1 - starts[number];
          if (length <= stem.length + 4) add(scores, number, BENT);
        });
      }
    }
    if (kept.size > 30) kept.delete(kept.keys().next().value);
    kept.set(key, scores);
    return scores;
  };
  // Scores of the records in which every term stands, or, where there is none, of those in which most terms stand (`held` of
  // them); no scores when nothing is asked for.
  return (terms) => {
    if (!terms.length) return { scores: null, held: 0 };
    const several = terms.map(scoresOf);
    const sums = new Uint16Array(count);
    const holds = new Uint8Array(count);
    let held = 0;
    for (let record = 0; record < count; record += 1) {
      for (const scores of several) {
        if (!scores[record]) continue;
        sums[record] += scores[record];
        holds[record] += 1;
      }
      if (holds[record] > held) held = holds[record];
    }
    for (let record = 0; record < count; record += 1) if (holds[record] < held) sums[record] = 0;
    return { scores: sums, held };
  };
};

// The words of a query, each with its spellings in the index; and whether a printed word is one that was asked for.
const termsOf = (folding, query) =>
  folding
    .tokens(folding.plain(query))
    .slice(0, 12)
    .map((token) => folding.spellings(token.text).filter((term) => term))
    .filter((spellings) => spellings.length);

const isAsked = (word, terms) =>
  terms.some((spellings) =>
    spellings.some((term) => {
      if (term.length < 2 ? word.startsWith(term) : word.includes(term)) return true;
      const stem = stemOf(term);
      return stem !== term && word.startsWith(stem) && word.length <= stem.length + 4;
    }),
  );

// A text with the words asked for marked. Used on what is shown, never on the index.
const markedText = (folding, text, terms) => {
  if (!terms.length) return shownText(text);
  const parts = [];
  let end = 0;
  for (const token of folding.tokens(text)) {
    if (!isAsked(folding.folded(folding.plain(token.text)), terms)) continue;
    parts.push(shownText(text.slice(end, token.at)), element("mark", {}, token.text));
    end = token.at + token.text.length;
  }
  parts.push(shownText(text.slice(end)));
  return parts;
};
const marked = (folding, text, terms, language = null) => {
  const made = published("", language);
  made.append(...markedText(folding, text, terms).flat());
  return made;
};
