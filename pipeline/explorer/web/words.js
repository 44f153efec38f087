// Words, names of codes and forms of number in the language the page is shown in. `told` is the block "words".
const wordsOf = (told) => {
  const place = { en: 0, pl: 1 };
  const plurals = { en: new Intl.PluralRules("en"), pl: new Intl.PluralRules("pl") };
  const forms = { en: ["one", "other"], pl: ["one", "few", "many"] };
  const numbers = { en: new Intl.NumberFormat("en"), pl: new Intl.NumberFormat("pl", { useGrouping: "always" }) };
  const languages = Object.fromEntries(
    ["en", "pl"].map((language) => [language, new Intl.DisplayNames([language], { type: "language", fallback: "code" })]),
  );
  const number = (value) => numbers[look.language()].format(value);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (mark, name) => (name in values ? String(values[name]) : mark));
  const word = (key, values = {}) => filled(told.words[key][place[look.language()]], values);
  const counted = (key, count, values = {}) => {
    const language = look.language();
    const said = told.words[key][place[language]].split("|");
    const form = forms[language].indexOf(plurals[language].select(count));
    return filled(said[form < 0 ? said.length - 1 : form], { n: number(count), ...values });
  };
  const code = (list, value) => told.codes[list][value]?.[place[look.language()]] ?? value;
  const languageName = (value) => {
    if (value === "und") return word("unknown_language");
    try {
      return languages[look.language()].of(value);
    } catch {
      return value;
    }
  };
  return { word, counted, code, number, languageName, has: (key) => Object.hasOwn(told.words, key) };
};
