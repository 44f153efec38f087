// What is looked at stands in the address behind #: query, filters, order, record. `look` keeps language and colours there too.
const joinedValues = (values) => values.map((value) => value.replace(/[%|]/g, encodeURIComponent)).join("|");
const splitValues = (text) =>
  text.split("|").map((value) => {
    try {
      return decodeURIComponent(value);
    } catch {
      return value;
    }
  });

const stateNow = () => {
  const parts = look.get();
  const chosen = {};
  for (const name of FACETS) if (parts.get(name)) chosen[name] = splitValues(parts.get(name));
  const sort = SORTS.includes(parts.get("sort")) ? parts.get("sort") : null;
  return { query: parts.get("q") ?? "", chosen, sort, record: parts.get("record") };
};

// The address of another state: `changes` as `look.set` takes them, over what is there now.
const addressWith = (changes) => {
  const parts = look.get();
  parts.delete("at");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") parts.delete(name);
    else parts.set(name, value);
  }
  return `#${parts}`;
};
