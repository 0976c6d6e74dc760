import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useComputedColorScheme } from "@mantine/core";
import { basicSetup } from "codemirror";
import { useEffect, useRef } from "react";
import { nonce } from "./nonce";
import { rego } from "./rego";

const NIGHT = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "#8fd3cd" },
  { tag: tags.string, color: "#f3c969" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "#ffab9f" },
  { tag: tags.keyword, color: "#a9c7ff" },
  { tag: tags.comment, color: "#95a4a1" },
]);

const LOOK = EditorView.theme({
  "&": {
    fontSize: "13px",
    color: "var(--mantine-color-text)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "5px",
  },
  "&.cm-focused": { outline: "2px solid var(--mantine-color-anchor)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "var(--surface-sunk)", color: "var(--mantine-color-dimmed)", border: "none", borderRadius: "5px 0 0 5px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--mantine-color-anchor) 7%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  // Drawn with lines and not, as by default, with pictures: the page's policy lets none in.
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--mantine-color-error)", textUnderlineOffset: "3px" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--mantine-color-text)", border: "1px solid var(--mantine-color-default-border)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--mantine-color-error)" },
});

const LANGUAGES = { json, rego, yaml };

/** Something wrong at a place of the text; line and column count from 1. */
export type TextProblem = { line: number; column: number; message: string };

const NONE: readonly TextProblem[] = [];

/** A text editor for documents. It loads when it is first seen. */
export default function Editor({
  value,
  onChange,
  language,
  label,
  readOnly = false,
  minHeight = 120,
  maxHeight,
  problems = NONE,
}: {
  value: string;
  onChange?: (text: string) => void;
  language: keyof typeof LANGUAGES;
  label: string;
  readOnly?: boolean;
  minHeight?: number;
  /** From which height on the text scrolls within the editor, as CSS has it; without it the editor grows. */
  maxHeight?: string;
  /** What is marked in the text, until it is edited. */
  problems?: readonly TextProblem[];
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const colours = useRef(new Compartment());
  const scheme = useComputedColorScheme("light");

  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          basicSetup,
          LANGUAGES[language](),
          LOOK,
          colours.current.of(highlight(scheme)),
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.theme({
            ".cm-content, .cm-gutter": { minHeight: `${minHeight}px` },
            ...(maxHeight ? { "&": { maxHeight }, ".cm-scroller": { overflow: "auto" } } : {}),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    // What scrolls can be scrolled by keyboard, without writing in it.
    if (maxHeight) editor.scrollDOM.tabIndex = 0;
    view.current = editor;
    return () => editor.destroy();
    // The editor holds its text itself; what comes from outside is put in below.
  }, [language, readOnly, label, minHeight, maxHeight]);

  useEffect(() => {
    view.current?.dispatch({ effects: colours.current.reconfigure(highlight(scheme)) });
  }, [scheme]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  const marked = JSON.stringify(problems);
  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, JSON.parse(marked) as TextProblem[])));
  }, [marked]);

  return <div ref={place} />;
}

/** Each problem from where it stands to the end of its line; one that has no line any more, at the end of the text. */
const diagnosticsOf = (state: EditorState, problems: readonly TextProblem[]): Diagnostic[] =>
  problems.map(({ line, column, message }) => {
    const place = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    const from = Math.min(place.from + Math.max(column - 1, 0), place.to);
    return { from, to: place.to, severity: "error", message };
  });

const highlight = (scheme: "light" | "dark") => syntaxHighlighting(scheme === "dark" ? NIGHT : defaultHighlightStyle);
