// Python's words and their kinds, near enough to colour a listing. Pure: text in, pieces out.

export type TokenKind =
  | "plain"
  | "keyword"
  | "name"
  | "string"
  | "number"
  | "comment"
  | "decorator";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const KEYWORDS =
  "False|None|True|and|as|assert|async|await|break|case|class|continue|def|del|elif|else|except|finally|for|from|global|" +
  "if|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|self|try|while|with|yield";

/** In the order of the alternatives; a string may run over several lines. */
const WORDS = new RegExp(
  [
    String.raw`(?<comment>#[^\n]*)`,
    String.raw`(?<string>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|(?![^]))|'''[^]*?(?:'''|(?![^]))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))`,
    String.raw`(?<decorator>^[ \t]*@[\w.]+)`,
    String.raw`(?<name>(?<=\b(?:def|class) )\w+)`,
    String.raw`(?<keyword>\b(?:${KEYWORDS})\b)`,
    String.raw`(?<number>\b\d[\w.]*)`,
  ].join("|"),
  "gm",
);

export function tokens(source: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  for (const match of source.matchAll(WORDS)) {
    if (match.index > at) found.push({ kind: "plain", text: source.slice(at, match.index) });
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined);
    found.push({ kind: (kind?.[0] ?? "plain") as TokenKind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < source.length) found.push({ kind: "plain", text: source.slice(at) });
  return found;
}
