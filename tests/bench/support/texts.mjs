// What is counted: text as people and programs write it, and what makes tokenizers slow.
import { readFileSync } from "node:fs";

import { random } from "./measure.mjs";

const below = random(42);

/** Code and prose of many scripts, with names and numbers that no cache has seen. */
export function mixed(bytes) {
  const files = ["README.md", "ARCHITECTURE.md", "DESIGN.md", "crates/tokenizer/src/scan.rs", "crates/tokenizer/src/counter.rs"];
  const parts = files.map((file) => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8"));
  parts.push("Быстрая коричневая лиса прыгает через ленивую собаку, пока никто не смотрит. ");
  parts.push("敏捷的棕色狐狸跳过了懒狗。価格は入力する前に表示されます。빠른 갈색 여우가 게으른 개를 뛰어넘는다. ");
  parts.push("الثعلب البني السريع يقفز فوق الكلب الكسول. चपल भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है। ");
  const words = parts.map((part) => part.split(/(?<= )/));
  let text = "";
  let size = 0;
  while (size < bytes) {
    const part = words[below(words.length)];
    const from = below(part.length);
    const piece = `${part.slice(from, from + 40).join("")}item${below(1 << 24).toString(16)} = ${below(100_000)}; `;
    text += piece;
    size += Buffer.byteLength(piece);
  }
  return text;
}

function drawn(bytes, draw) {
  let text = "";
  for (let size = 0; size < bytes; ) {
    const piece = String.fromCodePoint(draw());
    text += piece;
    size += Buffer.byteLength(piece);
  }
  return text;
}

export const KB = 100_000;

export const AWKWARD = {
  "one letter": "a".repeat(KB),
  spaces: " ".repeat(KB),
  "random letters": drawn(KB, () => 0x61 + below(26)),
  "random CJK": drawn(KB, () => 0x4e00 + below(0x51a5)),
  "random code points": drawn(KB, () => {
    const point = below(0x110000 - 0x800);
    return point < 0xd800 ? point : point + 0x800;
  }),
};
