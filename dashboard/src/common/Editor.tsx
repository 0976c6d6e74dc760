import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useComputedColorScheme } from "@mantine/core";
import { basicSetup } from "codemirror";
import { useEffect, useRef } from "react";
import { nonce } from "./nonce";

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
});

const LANGUAGES = { json, yaml };

/** A text editor for documents. It loads when it is first seen. */
export default function Editor({
  value,
  onChange,
  language,
  label,
  readOnly = false,
  minHeight = 120,
}: {
  value: string;
  onChange?: (text: string) => void;
  language: keyof typeof LANGUAGES;
  label: string;
  readOnly?: boolean;
  minHeight?: number;
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
          EditorView.theme({ ".cm-content, .cm-gutter": { minHeight: `${minHeight}px` } }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The editor holds its text itself; what comes from outside is put in below.
  }, [language, readOnly, label, minHeight]);

  useEffect(() => {
    view.current?.dispatch({ effects: colours.current.reconfigure(highlight(scheme)) });
  }, [scheme]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={place} />;
}

const highlight = (scheme: "light" | "dark") => syntaxHighlighting(scheme === "dark" ? NIGHT : defaultHighlightStyle);
