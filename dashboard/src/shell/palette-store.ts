import { createSpotlight } from "@mantine/spotlight";

/** Opens the command palette from anywhere, without loading it. */
export const [paletteStore, palette] = createSpotlight();
export const openPalette = () => palette.open();
