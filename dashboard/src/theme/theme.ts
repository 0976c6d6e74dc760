import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Modal,
  Notification,
  Switch,
  Table,
  Tabs,
  Tooltip,
} from "@mantine/core";

/** Deep sea green: what can be done, and what is on. */
const tide: MantineColorsTuple = [
  "#e9f6f4", "#d3ece8", "#a6d9d3", "#76c6be", "#4fb5ab", "#2f9e94", "#1b857d", "#0e6b66", "#0a5552", "#06403f",
];
/** The yellow of signal flags: on for some, waiting, look here. */
const signal: MantineColorsTuple = [
  "#fff6e2", "#ffeabf", "#fed98c", "#f9c455", "#eeae2a", "#d4930f", "#ab7206", "#855704", "#664204", "#483003",
];
/** The red of signal flags: destroys, denies, contradicts. */
const flare: MantineColorsTuple = [
  "#ffefed", "#ffdad6", "#fcb4ad", "#f5887e", "#ea6156", "#d94436", "#bb2f24", "#98221a", "#761a13", "#54120d",
];
/** Paper: neutrals a little warm, for light. */
const gray: MantineColorsTuple = [
  "#f8f8f4", "#f1f1eb", "#e6e7df", "#d6d8cf", "#b4b8b0", "#878d87", "#626964", "#474e4b", "#2f3634", "#1a2120",
];
/** Night at sea: neutrals a little green, for dark. */
const dark: MantineColorsTuple = [
  "#dfe6e4", "#b9c4c1", "#95a4a1", "#5d6d6c", "#344444", "#263434", "#1b2728", "#121c1d", "#0c1415", "#070d0e",
];

export const theme = createTheme({
  colors: { tide, signal, flare, gray, dark },
  primaryColor: "tide",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  black: "#1a2120",
  fontFamily: '"Inter", system-ui, -apple-system, "Segoe UI", "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.5" },
  headings: {
    fontWeight: "640",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.25" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
      h4: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  defaultRadius: "sm",
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "20px" },
  cursorType: "pointer",
  components: {
    Button: Button.extend({
      defaultProps: { size: "sm" },
      styles: { root: { fontWeight: 580 } },
      // Mantine chooses the words' colour by the light scheme's shade, in the dark one too.
      vars: (_, { variant = "filled", color }) => ({
        root:
          variant === "filled" && color === undefined
            ? { "--button-color": "var(--on-primary)" }
            : variant === "filled" && color === "flare"
              ? { "--button-color": "var(--on-flare)" }
              : {},
      }),
    }),
    // Messages name paths and hashes, which have no place to break.
    Alert: Alert.extend({ styles: { message: { overflowWrap: "anywhere" } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
    // A link in a sentence is known by more than its colour.
    Anchor: Anchor.extend({ defaultProps: { underline: "always" } }),
    Switch: Switch.extend({ defaultProps: { withThumbIndicator: false } }),
    Badge: Badge.extend({
      defaultProps: { variant: "light", radius: "xs" },
      styles: { root: { textTransform: "none", fontWeight: 580, letterSpacing: 0 } },
    }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: "md", radius: "md" } }),
    Modal: Modal.extend({ defaultProps: { centered: true, closeButtonProps: { "aria-label": "Close" } } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 7, horizontalSpacing: "sm" } }),
    Tabs: Tabs.extend({ styles: { list: { flexWrap: "nowrap", overflowX: "auto", overflowY: "hidden" }, tab: { paddingInline: 12, fontWeight: 560 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, events: { hover: true, focus: true, touch: false } } }),
  },
});

/** Where Mantine's own choice is too pale to read (WCAG 2.2 AA), or not ours. */
export const variables: CSSVariablesResolver = () => ({
  variables: {
    "--rail": "#0b2426",
    "--rail-line": "#1a3a3c",
    "--rail-text": "#bcd2cf",
    "--rail-strong": "#ffffff",
    "--rail-active": "#16393b",
    "--rail-mark": "#f2b33d",
  },
  light: {
    "--mantine-color-body": "#fcfcfa",
    "--mantine-color-dimmed": "#5c635f",
    "--mantine-color-placeholder": "#6c736f",
    "--mantine-color-default-border": "#d9dbd2",
    "--mantine-color-error": "#a8271d",
    "--mantine-color-anchor": "#0a5f5a",
    "--mantine-color-tide-light-color": "#0a5552",
    "--mantine-color-signal-light": "#fff0cf",
    "--mantine-color-signal-light-color": "#664204",
    "--mantine-color-flare-light-color": "#8a1f17",
    "--mantine-color-gray-light": "#ecede6",
    "--mantine-color-gray-light-color": "#424946",
    "--on-primary": "#ffffff",
    "--on-flare": "#ffffff",
    "--sea": "#0b2426",
    "--pennant": "#d4930f",
    "--surface": "#ffffff",
    "--surface-sunk": "#f4f5ef",
    "--line": "#e3e4db",
    "--hoist-pole": "#9aa19b",
    "--hoist-on": "#0e6b66",
    "--hoist-part": "#b97a05",
    "--hoist-off": "#aeb4ad",
    "--added": "#e2f3ec",
    "--added-text": "#0a4f3f",
    "--removed": "#fdeae7",
    "--removed-text": "#8a1f17",
  },
  dark: {
    "--mantine-color-body": "#101819",
    "--mantine-color-dimmed": "#9fb0ad",
    "--mantine-color-placeholder": "#8b9c99",
    "--mantine-color-default-border": "#31403f",
    "--mantine-color-error": "#ff9b90",
    "--mantine-color-anchor": "#7fd0c8",
    "--mantine-color-tide-light": "#123c3a",
    "--mantine-color-tide-light-color": "#9ce0d9",
    "--mantine-color-signal-light": "#3d2f0c",
    "--mantine-color-signal-light-color": "#f9cf70",
    "--mantine-color-flare-light": "#47201c",
    "--mantine-color-flare-light-color": "#ffb4ab",
    "--mantine-color-gray-light": "#233030",
    "--mantine-color-gray-light-color": "#c4cfcc",
    "--rail": "#0a1112",
    "--rail-line": "#1c2a2a",
    "--rail-active": "#172627",
    "--on-primary": "#06211f",
    "--on-flare": "#240805",
    "--sea": "#10302f",
    "--pennant": "#f2b33d",
    "--surface": "#151f20",
    "--surface-sunk": "#0c1314",
    "--line": "#253233",
    "--hoist-pole": "#647372",
    "--hoist-on": "#5cc5ba",
    "--hoist-part": "#f2b948",
    "--hoist-off": "#566665",
    "--added": "#10322c",
    "--added-text": "#9fe3cb",
    "--removed": "#3f1d1a",
    "--removed-text": "#ffb4ab",
  },
});
