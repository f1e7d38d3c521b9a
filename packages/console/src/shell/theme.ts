import { createTheme } from '@mantine/core';

/**
 * Choices that Mantine reads in script. Colours, fonts and sizes are custom properties in styles/tokens.css: with `withCssVariables` off,
 * values given here would not reach the page.
 */
export const theme = createTheme({ focusRing: 'auto', respectReducedMotion: true });
