import { LanguageSupport, StreamLanguage } from "@codemirror/language";

const KEYWORDS = new Set(["as", "contains", "default", "else", "every", "if", "import", "in", "not", "package", "some", "with"]);
const ATOMS = new Set(["true", "false", "null", "input", "data"]);

/** The language of policies: enough to tell words from texts (docs/policies-rego.md). */
export const rego = () =>
  new LanguageSupport(
    StreamLanguage.define({
      startState: () => ({ isRaw: false }),
      token: (stream, state) => {
        if (state.isRaw) {
          state.isRaw = !stream.skipTo("`");
          if (state.isRaw) stream.skipToEnd();
          else stream.next();
          return "string";
        }
        if (stream.eatSpace()) return null;
        if (stream.match(/^#.*/)) return "comment";
        if (stream.match(/^"(\\.|[^"\\])*"?/)) return "string";
        if (stream.eat("`")) {
          state.isRaw = true;
          return "string";
        }
        if (stream.match(/^-?\d+(\.\d+)?([eE][+-]?\d+)?/)) return "number";
        const word = stream.match(/^[A-Za-z_]\w*/) as RegExpMatchArray | null;
        if (word) return KEYWORDS.has(word[0]) ? "keyword" : ATOMS.has(word[0]) ? "atom" : "variableName";
        stream.next();
        return null;
      },
      languageData: { commentTokens: { line: "#" } },
    }),
  );
