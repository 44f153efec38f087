// The data blocks of the page: base64 of a zlib stream, opened when they are needed.
const bytesOf = async (name) => {
  const block = document.getElementById(name);
  if (!block) throw new Error(`block ${name} is missing`);
  const letters = atob(block.textContent);
  const packed = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) packed[at] = letters.charCodeAt(at);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
const textOf = async (name) => new TextDecoder().decode(await bytesOf(name));
const jsonOf = async (name) => JSON.parse(await textOf(name));

// Records by number. A few opened blocks are kept: neighbours in a list often stand in one block.
const recordsOf = (starts) => {
  const KEPT = 24;
  const opened = new Map();
  const blockOf = (number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= number) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return async (number) => {
    const block = blockOf(number);
    const found = opened.get(block) ?? jsonOf(`records${block}`);
    opened.delete(block);
    opened.set(block, found);
    if (opened.size > KEPT) opened.delete(opened.keys().next().value);
    return (await found)[number - starts[block]];
  };
};
