// The peer of NpmTests and of the tokenizer benchmark: the npm package @huggingface/tokenizers, asked from outside.
//
//   node npm_tokens.mjs <folder of the package> <tokenizer.json> <texts.json> [rounds]
//
// Reads a list of texts, writes {"ids": [[…], …], "seconds": best of the rounds} to stdout. No special tokens are added.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, tokenizerFile, textsFile, rounds = "1"] = process.argv.slice(2);
const { Tokenizer } = await import(pathToFileURL(join(folder, "dist", "tokenizers.mjs")).href);
const tokenizer = new Tokenizer(JSON.parse(readFileSync(tokenizerFile, "utf8")), {});
const texts = JSON.parse(readFileSync(textsFile, "utf8"));

let ids = [];
let seconds = Infinity;
for (let round = 0; round < Number(rounds); round++) {
  const start = performance.now();
  ids = texts.map((text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
  seconds = Math.min(seconds, (performance.now() - start) / 1000);
}
process.stdout.write(JSON.stringify({ ids, seconds }));
